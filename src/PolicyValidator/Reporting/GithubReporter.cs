using System.Text.RegularExpressions;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Reporting;

/// <summary>
/// For a GitHub workflow: one command a finding, which becomes an annotation of the file. The worst come first, because GitHub shows
/// ten errors, ten warnings and ten notices of a step.
/// </summary>
internal sealed partial class GithubReporter : IReporter
{
    /// <inheritdoc/>
    public void Write(LintReport report, TextWriter output)
    {
        foreach (Finding finding in report.Files.SelectMany(file => ShownFindings.Of(file, report).Findings).OrderByDescending(finding => finding.Severity))
        {
            output.Write(Command(report, finding) + "\n");
        }
    }

    private static string Command(LintReport report, Finding finding)
    {
        SourcePosition start = finding.Source.PositionAt(finding.Span.Start), end = finding.Source.PositionAt(finding.Span.End);
        string columns = start.Line == end.Line ? $",col={start.Column},endColumn={end.Column}" : ""; // GitHub takes columns on one line only
        string title = $"{finding.Rule.Id} {finding.Rule.Name}";
        return $"::{Kind(finding.Severity)} file={Property(ReportPath.Of(report, finding.Source))},line={start.Line},endLine={end.Line}{columns}"
            + $",title={Property(title)}::{Data($"{finding.Message}\n{finding.Why}\nhelp: {finding.Help}")}";
    }

    private static string Kind(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "notice",
    };

    /// <summary>The escapes of a message: a line end would end the command, and the log shows the rest as it is.</summary>
    private static string Data(string text) => string.Concat(LineEnd().Split(text).Select(piece => piece switch
    {
        "\r" => "%0D",
        "\n" => "%0A",
        _ => DisplayText.Safe(piece).Replace("%", "%25", StringComparison.Ordinal),
    }));

    /// <summary>The escapes of a property, which ends at a comma or a colon too.</summary>
    private static string Property(string text) => Data(text)
        .Replace(":", "%3A", StringComparison.Ordinal)
        .Replace(",", "%2C", StringComparison.Ordinal);

    [GeneratedRegex("([\r\n])")]
    private static partial Regex LineEnd();
}
