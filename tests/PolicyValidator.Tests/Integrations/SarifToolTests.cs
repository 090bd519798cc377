using PolicyValidator.Rules;
using PolicyValidator.Tests.Cli;
using PolicyValidator.Tests.Reporting;

namespace PolicyValidator.Tests.Integrations;

/// <summary>Microsoft's SARIF tool reads our reports, with GitHub's rules too.</summary>
[Trait("Run", "integrations")]
public sealed class SarifToolTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_tool_refuses_a_broken_report()
    {
        string good = ReportExample.Written("sarif", ReportExample.Report);
        Assert.Contains("error JSON1008", Problems(good.Replace("\"startLine\": 2", "\"startLine\": -1", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("error", Problems(good.Replace("\"name\": \"policy-validator\",", "", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("error", Problems(good.Replace("\"ruleIndex\": 2", "\"ruleIndex\": 7", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void It_finds_nothing_wrong_with_odd_names_and_messages() => Assert.Empty(Problems(ReportExample.Written("sarif", ReportExample.Report)));

    [Fact]
    public void It_finds_nothing_wrong_with_a_clean_report() => Assert.Empty(Problems(Cli.Run.WithInput("a: b\n", "lint", "-", "--format", "sarif").Output));

    [Fact]
    public void It_finds_nothing_wrong_with_the_findings_of_every_rule()
    {
        string[] files = [.. RuleCatalog.All.Select(rule => folder.Write($"{rule.Id}.yaml", rule.Bad))];
        string report = Cli.Run.Of(["lint", "--format", "sarif", .. files]).Output;
        Assert.Empty(Problems(report));
    }

    /// <summary>What the tool complains of; nothing when it is content.</summary>
    private string Problems(string report)
    {
        string path = folder.Write("report.sarif", report);
        ForeignTool tool = ForeignTool.Run(
            Path.Combine(ForeignTool.Packages, "@microsoft", "sarif-multitool-linux", "Sarif.Multitool"), "validate", path, "--rule-kind", "Sarif;Gh");
        Assert.Contains("Analysis completed successfully", tool.Output, StringComparison.Ordinal);
        return string.Join('\n', tool.Output.Split('\n').Where(line => line.Contains("): ", StringComparison.Ordinal)));
    }
}
