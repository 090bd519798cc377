using System.Text.RegularExpressions;
using PolicyValidator.Reporting;
using PolicyValidator.Rules;
using Tests.Shared;

namespace PolicyValidator.Tests.Rules;

/// <summary>Everything that is said about a rule comes from its own file; here it is compared.</summary>
public sealed partial class RuleCatalogTests
{
    public static TheoryData<string> Ids => [.. RuleCatalog.All.Select(rule => rule.Id)];

    [Fact]
    public void The_catalog_lists_every_rule_in_the_order_of_ids()
    {
        IEnumerable<string> classes = typeof(Rule).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(Rule)) && !type.IsAbstract)
            .Select(type => type.Name)
            .Order(StringComparer.Ordinal);
        const string begin = "// rules:begin, generated\n", end = "        // rules:end";
        string path = "src/PolicyValidator/Rules/RuleCatalog.cs", text = File.ReadAllText(Repository.PathOf(path));
        int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length, to = text.IndexOf(end, StringComparison.Ordinal);
        Golden.File(path, text[..from] + string.Concat(classes.Select(name => $"        new {name}(),\n")) + text[to..]);
    }

    [Fact]
    public void Ids_and_names_are_unique_and_retired_ids_do_not_come_back()
    {
        Assert.Equal(RuleCatalog.All.Count, RuleCatalog.All.Select(rule => rule.Id).Distinct().Count());
        Assert.Equal(RuleCatalog.All.Count, RuleCatalog.All.Select(rule => rule.Name).Distinct().Count());
        string[] retired = [.. File.ReadAllLines(Repository.PathOf("src/PolicyValidator/Rules/RetiredIds.txt")).Where(line => line.StartsWith("EP", StringComparison.Ordinal))];
        Assert.Empty(RuleCatalog.All.Select(rule => rule.Id).Intersect(retired));
    }

    [Theory, MemberData(nameof(Ids))]
    public void Id_and_name_are_those_of_the_class_and_its_file(string id)
    {
        Rule rule = RuleCatalog.All.Single(rule => rule.Id == id);
        Assert.Equal(rule.GetType().Name, id + string.Concat(rule.Name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..])));
        Assert.Matches(NameForm(), rule.Name);
        Assert.True(File.Exists(Repository.PathOf($"src/PolicyValidator/Rules/{rule.GetType().Name}.cs")));
    }

    [Theory, MemberData(nameof(Ids))]
    public void What_is_said_about_a_rule_is_said_in_sentences(string id)
    {
        Rule rule = RuleCatalog.All.Single(rule => rule.Id == id);
        Assert.All([rule.Summary, rule.Why], text => Assert.Matches(SentenceForm(), text));
        Assert.DoesNotContain('\n', rule.Summary);
        Assert.NotEmpty(rule.Sources);
        Assert.NotEmpty(rule.Versions.ToString());
        Assert.True(rule.Versions.Contains(rule.ExampleTarget.Version), "the example's target is not among the versions concerned");
    }

    [Fact]
    public void The_table_of_the_README_is_the_catalog() =>
        Golden.Section("src/PolicyValidator/README.md", "rules", RuleDocuments.Table());

    [Fact]
    public void RULES_md_is_the_catalog() =>
        Golden.Section("src/PolicyValidator/RULES.md", "rules", RuleDocuments.Sections());

    [Theory, MemberData(nameof(Ids))]
    public void Explain_prints_the_section_of_RULES_md(string id)
    {
        Rule rule = RuleCatalog.All.Single(rule => rule.Id == id);
        Cli.Run byId = Cli.Run.Of("explain", id), byName = Cli.Run.Of("explain", rule.Name);
        Assert.Equal(byId, byName);
        Assert.Contains(byId.Output, RuleDocuments.Sections(), StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_prints_the_table() => Assert.Equal(RuleDocuments.Table(), Cli.Run.Of("rules").Output);

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)+$")]
    private static partial Regex NameForm();

    [GeneratedRegex(@"^[A-Za-z].*\.$", RegexOptions.Singleline)]
    private static partial Regex SentenceForm();
}
