using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Reporting;

/// <summary>For people: each finding with its lines, a caret, the reason and the cure; then one line that sums up.</summary>
internal sealed class TextReporter(Palette palette) : IReporter
{
    /// <inheritdoc/>
    public void Write(LintReport report, TextWriter output)
    {
        foreach (FileReport file in report.Files)
        {
            ShownFindings shown = ShownFindings.Of(file, report);
            foreach (Finding finding in shown.Findings)
            {
                WriteFinding(finding, file.Excerpts, report.Target, output);
            }

            foreach (string note in shown.Notes)
            {
                output.Write($"{palette.Strong($"{DisplayText.AtStartOfLine(file.Source.Name)}:")} {note}\n\n");
            }

            if (!report.IsQuiet)
            {
                output.Write($"{DisplayText.AtStartOfLine(file.Source.Name)}: {DisplayText.Safe(Summary(file))}\n{(file.Findings.Count > 0 ? "\n" : "")}");
            }
        }

        foreach (string line in report.IsQuiet ? [] : PassedOverFile.Lines(report.PassedOver))
        {
            output.Write(line + "\n");
        }

        output.Write(Summary(report) + "\n");
    }

    /// <summary>Prints one finding, followed by an empty line.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="excerpts">The text whose lines are shown; null to show none.</param>
    /// <param name="target">The Envoy that was asked about.</param>
    /// <param name="output">Where it is printed.</param>
    public void WriteFinding(Finding finding, SourceText? excerpts, Target target, TextWriter output)
    {
        SourcePosition at = finding.Source.PositionAt(finding.Span.Start);
        string severity = palette.Mark(finding.Severity, SeverityNames.Of(finding.Severity));
        string message = DisplayText.Safe(finding.Message);
        output.Write($"{palette.Strong($"{DisplayText.AtStartOfLine(finding.Source.Name)}:{at.Line}:{at.Column}:")} {severity}: {palette.Strong(message)} [{finding.Rule.Id} {finding.Rule.Name}]\n");
        foreach (string line in excerpts is null ? [] : Snippet.Of(finding, excerpts, palette))
        {
            output.Write(line + "\n");
        }

        WriteNote("at", finding.Pointer.Length == 0 ? "the whole document" : DisplayText.Safe(finding.Pointer), output);
        foreach (RelatedPlace place in finding.Related)
        {
            SourcePosition there = place.Source.PositionAt(place.Span.Start);
            WriteNote("see", $"{DisplayText.Safe(place.Source.Name)}:{there.Line}:{there.Column}: {DisplayText.Safe(place.Message)}", output);
        }

        WriteNote("why", DisplayText.Safe(finding.Why), output);
        WriteNote("help", DisplayText.Safe(finding.Help), output);
        WriteNote("envoy", $"{finding.Versions} (asked about {target.Text})", output);
        if (finding.Fix is { } fix)
        {
            WriteNote("fix", $"{DisplayText.Safe(fix.Title)} ({(fix.Safe ? "--fix" : "--fix --unsafe-fixes")})", output);
        }

        output.Write("\n");
    }

    private void WriteNote(string name, string text, TextWriter output) => output.Write($"  {palette.Faint(name + ":")} {text}\n");

    private string Summary(LintReport report)
    {
        int fixable = report.Findings.Count(finding => finding.Fix is not null);
        string made = report.Fixed == 0 ? "" : $"{Counted(report.Fixed, "fix", "fixes")} made; ";
        string counts = string.Join(", ", Enum.GetValues<Severity>().OrderDescending()
            .Where(severity => report.Count(severity) > 0)
            .Select(severity => palette.Mark(severity, Counted(report.Count(severity), SeverityNames.Of(severity), SeverityNames.Of(severity) + "s"))));
        string files = Counted(report.Files.Count, "file", "files");
        string measured = report.Target.Measured ? "" : $"; verdicts for {report.Target.Text} were not compared with a real Envoy";
        int suppressed = report.Files.Sum(file => file.Suppressed.Count);
        return $"{made}{(counts.Length == 0 ? "nothing found" : counts)} in {files}{(fixable > 0 ? $", {fixable} with a fix" : "")}{(suppressed > 0 ? $", {suppressed} suppressed" : "")}{measured}";
    }

    /// <summary>What was found in a file, and what was read to find it: <c>clean, 1 filter (EnvoyFilter)</c>.</summary>
    private static string Summary(FileReport file)
    {
        string verdict = file.Findings.Count == 0 ? "clean" : Counted(file.Findings.Count, "finding", "findings");
        string read = file.Found.Count == 0 ? "nothing of ext_proc in it" : string.Join(", ", file.Found);
        return $"{verdict}, {read}{(file.Suppressed.Count > 0 ? $", {file.Suppressed.Count} suppressed" : "")}";
    }

    private static string Counted(int count, string one, string many) => $"{count} {(count == 1 ? one : many)}";
}
