using System.Text.Json;
using PolicyValidator.Rules;

namespace PolicyValidator.Reporting;

/// <summary>For GitLab's merge requests: a code quality report.</summary>
internal sealed class GitlabReporter : IReporter
{
    /// <inheritdoc/>
    public void Write(LintReport report, TextWriter output) => JsonText.Write(output, json =>
    {
        json.WriteStartArray();
        foreach (FileReport file in report.Files)
        {
            string path = ReportPath.Of(report, file.Source);
            foreach (FingerprintedFinding each in FingerprintedFinding.Of(file, path).Where(each => each.Suppressed is null))
            {
                WriteFinding(each.Finding, path, each.Fingerprint, json);
            }
        }

        json.WriteEndArray();
    });

    private static void WriteFinding(Finding finding, string path, string fingerprint, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("description", $"{finding.Message}; {finding.Help}");
        json.WriteString("check_name", $"{finding.Rule.Id} {finding.Rule.Name}");
        json.WriteString("fingerprint", fingerprint);
        json.WriteString("severity", SeverityOf(finding.Severity));
        json.WriteStartObject("location");
        json.WriteString("path", path);
        json.WriteStartObject("lines"); // columns would stand in "positions", which older GitLabs do not read
        json.WriteNumber("begin", finding.Source.PositionAt(finding.Span.Start).Line);
        json.WriteNumber("end", finding.Source.PositionAt(finding.Span.End).Line);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string SeverityOf(Severity severity) => severity switch
    {
        Severity.Error => "critical",
        Severity.Warning => "major",
        _ => "info",
    };
}
