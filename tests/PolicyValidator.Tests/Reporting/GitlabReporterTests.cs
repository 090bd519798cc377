using System.Text.Json.Nodes;
using PolicyValidator.Reporting;

namespace PolicyValidator.Tests.Reporting;

public sealed class GitlabReporterTests
{
    /// <summary>What GitLab asks of a code quality report.</summary>
    private static readonly SchemaCheck Documented = new((JsonObject)JsonNode.Parse("""
        {
          "type": "array",
          "items": {
            "type": "object",
            "required": ["description", "check_name", "fingerprint", "severity", "location"],
            "properties": {
              "description": { "type": "string", "minLength": 1 },
              "check_name": { "type": "string", "minLength": 1 },
              "fingerprint": { "type": "string", "pattern": "^[0-9a-f]{32}$" },
              "severity": { "enum": ["info", "minor", "major", "critical", "blocker"] },
              "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                  "path": { "type": "string", "pattern": "^[^./]" },
                  "lines": { "type": "object", "required": ["begin"], "properties": { "begin": { "type": "integer", "minimum": 1 } } }
                }
              }
            }
          }
        }
        """)!);

    [Fact]
    public void The_report_has_what_GitLab_reads()
    {
        JsonArray report = Read(ReportExample.Report);
        Assert.Empty(Documented.Problems(report));
        Assert.Equal(["info", "critical", "major"], report.Select(each => each!["severity"]!.GetValue<string>()));
        Assert.Equal(["sub/odd: 100%, naïve.yaml"], report.Select(each => each!["location"]!["path"]!.GetValue<string>()).Distinct());
    }

    [Fact]
    public void A_report_without_findings_is_an_empty_list() => Assert.Empty(Read(ReportExample.Report with { Files = [] }));

    [Fact]
    public void Fingerprints_differ_inside_a_report() =>
        Assert.Equal(3, Read(ReportExample.Report).Select(each => each!["fingerprint"]!.GetValue<string>()).Distinct().Count());

    private static JsonArray Read(LintReport report) => (JsonArray)JsonNode.Parse(ReportExample.Written("gitlab", report))!;
}
