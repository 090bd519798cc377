using PolicyValidator.Files;
using PolicyValidator.Fixes;
using PolicyValidator.Inputs;
using PolicyValidator.Reporting;
using PolicyValidator.Suppressions;

namespace PolicyValidator.Cli;

/// <summary>Files or standard input to the linter, to the fixes, to a reporter, to an exit code.</summary>
internal sealed class LintCommand(LintArguments arguments, Terminal terminal)
{
    private LintOptions options = new() { Rules = arguments.Rules, Severities = arguments.Severities, Ignored = arguments.ReasonToIgnore };
    private bool trouble, changes;

    /// <summary>Runs the command.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public int Run()
    {
        using CancellationTokenSource end = new(TimeSpan.FromSeconds(arguments.MaxSeconds));
        options = options with { Cancellation = end.Token };
        try
        {
            return RunInTime();
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            terminal.Error.Write($"policy-validator: not done after {arguments.MaxSeconds} s; lint fewer or smaller files at once, or raise --max-seconds\n");
            return ExitCode.Trouble;
        }
    }

    private int RunInTime()
    {
        if (arguments.Target.Note is { } note)
        {
            terminal.Error.Write($"note: {DisplayText.Safe(note)}\n");
        }

        RealEnvoy? envoy = arguments.Envoy is { } binary ? RealEnvoy.Find(binary) : null;
        InputReader reader = new(terminal.Input, arguments.MaxFileBytes, arguments.StandardInputName) { MaxTotalBytes = arguments.MaxTotalBytes };
        InputPaths paths = new(new(arguments.Include, arguments.Exclude, arguments.ForceExclude));
        Foreign foreign = new([.. arguments.Paths.Where(path => !Directory.Exists(path)), .. arguments.StandardInputName is { } name ? [name] : Array.Empty<string>()]);
        InputFile[] files = foreign.Without(paths.Expand(arguments.Paths).Select(reader.Read));
        LintReport report = (arguments.Fix || arguments.Diff ? Fixed(files) : Linted(files)) with { Root = CheckoutRoot.Above(Environment.CurrentDirectory) };
        report = foreign.Without(report) with { IsQuiet = arguments.Quiet, MaxFindings = arguments.MaxFindings };
        report = arguments.Baseline is { } baseline ? Compared(report, new(baseline, arguments.BaselineWithin)) : report;
        bool outputIsTaken = arguments.Diff || (arguments.Fix && files.Any(file => file.Path == InputFile.StandardInput));
        Reporters.Named(arguments.Format, terminal.Colours(arguments.Colours)).Write(report, outputIsTaken ? terminal.Error : terminal.Output);
        WriteReports(report);
        bool disagreement = envoy is not null && new EnvoyComparison(envoy, terminal.Error).Disagrees(report.Files);
        ReportUnreadable(files);
        return trouble ? ExitCode.Trouble
            : changes || disagreement || report.Findings.Any(finding => finding.Severity >= arguments.FailOn) ? ExitCode.Findings
            : ExitCode.Clean;
    }

    private LintReport Linted(InputFile[] files) => new(arguments.Target, FileReports.Of(Lint([.. files.Select(file => file.Source).OfType<SourceText>()])));

    private LintResult Lint(IReadOnlyList<SourceText> texts) => Linter.Lint(texts, arguments.Target, options);

    private LintReport Fixed(InputFile[] files)
    {
        InputFile[] read = [.. files.Where(file => file.Source is not null)];
        FixedTexts made = FixApplier.Apply([.. read.Select(file => file.Source!)], Lint, arguments.UnsafeFixes);
        Discretion discretion = new(made.Result.Policies);
        bool[] delivered = [.. read.Zip(made.Result.Sources, (file, text) => Deliver(file, text, discretion))];
        // What could not be written is as it was, and the others are judged beside that.
        LintResult result = delivered.All(each => each) ? made.Result : Lint([.. delivered.Select((each, at) => each ? made.Result.Sources[at] : read[at].Source!)]);
        return new(arguments.Target, FileReports.Of(result), arguments.Diff ? 0 : made.Applied.Where((_, at) => delivered[at]).Sum());
    }

    /// <summary>Prints the difference, or writes the text to where the old one came from; false when that failed.</summary>
    private bool Deliver(InputFile file, SourceText made, Discretion discretion)
    {
        SourceText source = file.Source!;
        if (arguments.Diff)
        {
            changes |= made.Text != source.Text;
            new DiffPrinter(terminal, arguments.Format).Print(UnifiedDiff.Of(source.Name, source.Text, made.Text, made.Text == source.Text ? null : discretion.Excerpts(made)?.Text));
            return true;
        }

        if (file.Path == InputFile.StandardInput)
        {
            terminal.Output.Write((file.HasByteOrderMark ? "\uFEFF" : "") + made.Text);
            return true;
        }

        return made.Text == source.Text || Write(file, made.Text);
    }

    private bool Write(InputFile file, string text)
    {
        try
        {
            WrittenFile.Replace(file.Path, (file.HasByteOrderMark ? "\uFEFF" : "") + text);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Complain(file.Path, $"cannot be written: {failure.Message.TrimEnd('.')}");
            return false;
        }
    }

    /// <summary>Takes out what was there before; or writes that down, if so asked.</summary>
    private LintReport Compared(LintReport report, BaselineFile file)
    {
        if (arguments.WriteBaseline)
        {
            try
            {
                file.Write(report);
                terminal.Error.Write($"{DisplayText.AtStartOfLine(arguments.Baseline!)}: {(report.Findings.Count() is 1 ? "1 finding" : $"{report.Findings.Count()} findings")} written\n");
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                Complain(arguments.Baseline!, $"cannot be written: {failure.Message.TrimEnd('.')}");
                return report;
            }
        }

        Baseline baseline = file.Read();
        ReportStale([.. file.Stale(baseline, report, arguments.Rules)]);
        return file.Apply(baseline, report);
    }

    private void ReportStale(BaselineEntry[] entries)
    {
        foreach (BaselineEntry entry in entries.Take(arguments.MaxFindings))
        {
            terminal.Error.Write(DisplayText.AtStartOfLine($"{arguments.Baseline}: stale: {entry.Rule} in {entry.Path} is gone ({entry.Message}); --write-baseline drops it") + "\n");
        }

        if (entries.Length > arguments.MaxFindings)
        {
            terminal.Error.Write(DisplayText.AtStartOfLine($"{arguments.Baseline}: {entries.Length - arguments.MaxFindings} more are stale; --max-findings shows more") + "\n");
        }
    }

    private void WriteReports(LintReport report)
    {
        foreach (ExtraReport extra in arguments.Reports)
        {
            try
            {
                extra.Write(report);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                Complain(extra.Path, $"cannot be written: {failure.Message.TrimEnd('.')}");
            }
        }
    }

    private void ReportUnreadable(IEnumerable<InputFile> files)
    {
        foreach (InputFile file in files.Where(file => file.Problem is not null))
        {
            Complain(file.Path, file.Problem!);
        }
    }

    private void Complain(string path, string problem)
    {
        trouble = true;
        terminal.Error.Write($"{DisplayText.AtStartOfLine(path)}: {DisplayText.Safe(problem)}\n");
    }
}
