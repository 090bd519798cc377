using PolicyValidator.Rules;
using PolicyValidator.Tests.Cli;
using PolicyValidator.Tests.Reporting;
using Tests.Shared;

namespace PolicyValidator.Tests.Integrations;

/// <summary>libxml2 holds the XML reports against schemas, and a reader of JUnit's reports counts what is in ours.</summary>
[Trait("Run", "integrations")]
public sealed class XmlToolTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Formats => ["junit", "checkstyle"];

    [Theory, MemberData(nameof(Formats))]
    public void Reports_fit_their_schema(string format)
    {
        Assert.Equal("", Problems(format, ReportExample.Written(format, ReportExample.Report)));
        string[] files = [.. RuleCatalog.All.Select(rule => folder.Write($"{rule.Id}.yaml", rule.Bad))];
        Assert.Equal("", Problems(format, Cli.Run.Of(["lint", "--format", format, .. files]).Output));
    }

    [Theory]
    [InlineData("junit", "tests=\"4\"", "tests=\"many\"")]
    [InlineData("junit", "<testcase name=", "<testcase called=")]
    [InlineData("checkstyle", "severity=\"info\"", "severity=\"hint\"")]
    [InlineData("checkstyle", "line=\"1\"", "line=\"0\"")]
    public void The_schemas_refuse_broken_reports(string format, string good, string bad) =>
        Assert.NotEqual("", Problems(format, ReportExample.Written(format, ReportExample.Report).Replace(good, bad, StringComparison.Ordinal)));

    [Fact]
    public void A_reader_of_JUnit_reports_sees_a_failed_run_and_a_passed_one()
    {
        string failed = folder.Write("failed.xml", ReportExample.Written("junit", ReportExample.Report));
        string passed = folder.Write("passed.xml", Cli.Run.WithInput("a: b\n", "lint", "-", "--format", "junit").Output);
        Assert.NotEqual(0, ForeignTool.Run("junitparser", "verify", failed).ExitCode);
        Assert.Equal((0, ""), (ForeignTool.Run("junitparser", "verify", passed).ExitCode, ForeignTool.Run("junitparser", "verify", passed).Output));
    }

    private string Problems(string format, string report)
    {
        string path = folder.Write("report.xml", report), schema = Repository.PathOf("tests", "integrations", $"{format}.xsd");
        ForeignTool tool = ForeignTool.Run("xmllint", "--noout", "--nonet", "--schema", schema, path);
        return tool.ExitCode == 0 ? "" : tool.Output;
    }
}
