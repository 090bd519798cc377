using System.Reflection;
using PolicyValidator.Reporting;
using Tests.Shared;

namespace PolicyValidator.Tests.Reporting;

public sealed class ReportersTests
{
    [Fact]
    public void The_list_names_every_reporter()
    {
        IEnumerable<string> lines = typeof(IReporter).Assembly.GetTypes()
            .Where(type => type.IsAssignableTo(typeof(IReporter)) && type.IsClass)
            .OrderBy(type => type.Name, StringComparer.Ordinal)
            .Select(Line);
        const string begin = "// reporters:begin, generated\n", end = "        // reporters:end";
        string path = "src/PolicyValidator/Reporting/Reporters.cs", text = File.ReadAllText(Repository.PathOf(path));
        int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length, to = text.IndexOf(end, StringComparison.Ordinal);
        Golden.File(path, text[..from] + string.Concat(lines) + text[to..]);
    }

    [Fact]
    public void Every_form_prints_a_report_without_findings_too()
    {
        LintReport empty = ReportExample.Report with { Files = [] };
        Assert.All(Reporters.Names, name => Assert.NotNull(ReportExample.Written(name, empty)));
    }

    [Theory]
    [InlineData("/checkout", "/checkout/a/b.yaml", "a/b.yaml")]
    [InlineData("/checkout/", "/checkout/./a/../b.yaml", "b.yaml")]
    [InlineData("/checkout", "/elsewhere/b.yaml", "/elsewhere/b.yaml")]
    [InlineData("/checkout", "/checkout-2/b.yaml", "/checkout-2/b.yaml")]
    [InlineData("/checkout", "/checkout/..b.yaml", "..b.yaml")]
    [InlineData("/checkout", "-", "-")]
    [InlineData("", "a/./b.yaml", "a/./b.yaml")]
    public void Paths_are_relative_to_the_checkout(string root, string name, string path) => Assert.Equal(path, ReportPath.Of(root, name));

    [Theory]
    [InlineData("a b/ü%#?.yaml", "a%20b/%C3%BC%25%23%3F.yaml")]
    [InlineData("/tmp/a:b", "file:///tmp/a%3Ab")]
    public void Paths_become_URIs(string path, string uri) => Assert.Equal(uri, ReportPath.Uri(path));

    private static string Line(Type type)
    {
        string name = type.Name[..^"Reporter".Length].ToLowerInvariant();
        bool takesPalette = type.GetConstructors(BindingFlags.Public | BindingFlags.Instance).Any(made => made.GetParameters() is [{ ParameterType: var first }] && first == typeof(Palette));
        return takesPalette ? $"        new(\"{name}\", palette => new {type.Name}(palette)),\n" : $"        new(\"{name}\", _ => new {type.Name}()),\n";
    }
}
