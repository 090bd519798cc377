using System.Text;
using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;
using PolicyValidator.Rules;
using Tests.Shared;

namespace PolicyValidator.Tests.Surfaces;

/// <summary>The table of surfaces is what linting the rules' examples, the corpus and the shapes gives, and not what somebody remembers.</summary>
public sealed class SurfaceTableTests
{
    private const string Envoy = "Envoy's own files";

    [Fact]
    public void The_README_says_what_is_found_on_each_surface()
    {
        (string Surface, Finding Finding)[] found = [.. Texts().AsParallel().AsOrdered().SelectMany(Found)];
        StringBuilder table = new("| surface | errors | warnings | hints | fixes |\n|---|---|---|---|---|\n");
        foreach (var surface in found.GroupBy(each => each.Surface).OrderBy(group => group.Key == Envoy ? "" : group.Key, StringComparer.Ordinal))
        {
            Finding[] all = [.. surface.Select(each => each.Finding)];
            table.Append($"| {surface.Key} | {Ids(all, Severity.Error)} | {Ids(all, Severity.Warning)} | {Ids(all, Severity.Hint)} | {Listed(all.Where(finding => finding.Fix is not null))} |\n");
        }

        Golden.Section("src/PolicyValidator/README.md", "surfaces", table.ToString());
    }

    private static IEnumerable<(string Text, Target Target)> Texts() =>
    [
        .. RuleCatalog.All.Select(rule => (rule.Bad, rule.ExampleTarget)),
        .. Directory.GetFiles(Repository.PathOf("tests", "PolicyValidator.Tests", "Surfaces", "Corpus"), "*.yaml").Order(StringComparer.Ordinal)
            .Select(File.ReadAllText)
            .Select(text => (text, CorpusTests.TargetOf(text))),
        .. ShapeTests.Shapes.Select(row => ((string)row[2], Target.Parse((string)row[1])!)),
    ];

    private static IEnumerable<(string Surface, Finding Finding)> Found((string Text, Target Target) input) =>
        Linter.Lint([new SourceText("a.yaml", input.Text)], input.Target, new LintOptions()).Findings.Select(finding => (SurfaceOf(finding), finding));

    private static string SurfaceOf(Finding finding)
    {
        Node? node = finding.Document?.Root;
        while (node is not null && (node.Origin ?? node.Parent) is { } above)
        {
            node = above;
        }

        return node switch
        {
            MappingNode root when root["kind"].Text is { } kind && root["apiVersion"].Text is { } version => version.EndsWith("/v1", StringComparison.Ordinal) && kind == "List" ? "kind: List" : kind,
            MappingNode root when LoadBalancerFile.Is(root) => "gcloud's extension files",
            MappingNode root when ServerConfig.Is(root) => "extproc.yaml",
            _ => Envoy,
        };
    }

    private static string Ids(Finding[] findings, Severity severity) => Listed(findings.Where(finding => finding.Severity == severity));

    private static string Listed(IEnumerable<Finding> findings) => string.Join(' ', findings.Select(finding => finding.Rule.Id).Distinct().Order(StringComparer.Ordinal)) is { Length: > 0 } ids ? ids : "none";
}
