using PolicyValidator.Fixes;
using PolicyValidator.Inputs;
using PolicyValidator.Reporting;
using PolicyValidator.Suppressions;

namespace PolicyValidator.Cli;

/// <summary>Files or standard input to the linter, to the fixes, to a reporter, to an exit code.</summary>
internal sealed class LintCommand(LintArguments arguments, Terminal terminal)
{
    private readonly LintOptions options = new() { Rules = arguments.Rules, Severities = arguments.Severities, Ignored = arguments.ReasonToIgnore };
    private bool trouble, changes;

    /// <summary>Runs the command.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public int Run()
    {
        if (arguments.Target.Note is { } note)
        {
            terminal.Error.Write($"note: {DisplayText.Safe(note)}\n");
        }

        RealEnvoy? envoy = arguments.Envoy is { } binary ? RealEnvoy.Find(binary) : null;
        InputReader reader = new(terminal.Input, arguments.MaxFileBytes, arguments.StandardInputName);
        InputPaths paths = new(new(arguments.Include, arguments.Exclude, arguments.ForceExclude));
        Foreign foreign = new([.. arguments.Paths.Where(path => !Directory.Exists(path)), .. arguments.StandardInputName is { } name ? [name] : Array.Empty<string>()]);
        InputFile[] files = foreign.Without(paths.Expand(arguments.Paths).Select(reader.Read));
        LintReport report = (arguments.Fix || arguments.Diff ? Fixed(files) : Linted(files)) with { Root = CheckoutRoot.Above(Environment.CurrentDirectory) };
        report = foreign.Without(report) with { IsQuiet = arguments.Quiet };
        report = arguments.Baseline is { } baseline ? Compared(report, new(baseline)) : report;
        bool outputIsTaken = arguments.Diff || (arguments.Fix && files.Any(file => file.Path == InputFile.StandardInput));
        Reporters.Named(arguments.Format, terminal.Colours(arguments.Colours)).Write(report, outputIsTaken ? terminal.Error : terminal.Output);
        WriteReports(report);
        bool disagreement = envoy is not null && new EnvoyComparison(envoy, terminal.Error).Disagrees(report.Files.Select(file => file.Source));
        ReportUnreadable(files);
        return trouble ? ExitCode.Trouble
            : changes || disagreement || report.Findings.Any(finding => finding.Severity >= arguments.FailOn) ? ExitCode.Findings
            : ExitCode.Clean;
    }

    private LintReport Linted(InputFile[] files)
    {
        LintResult result = Linter.Lint(files.Select(file => file.Source).OfType<SourceText>(), arguments.Target, options);
        return new(arguments.Target, FileReports.Of(result));
    }

    private LintReport Fixed(InputFile[] files)
    {
        List<FileReport> reports = [];
        int applied = 0;
        SourceText[] all = [.. files.Select(file => file.Source).OfType<SourceText>()];
        LintResult before = Linter.Lint(all, arguments.Target, options);
        foreach (InputFile file in files)
        {
            if (file.Source is not { } source)
            {
                continue;
            }

            FixedText text = before.Findings.Any(finding => finding.Source == source && finding.Fix is not null)
                ? FixApplier.Apply(source, changed => LintAmong(all, source, changed), arguments.UnsafeFixes)
                : new(source, Only(before, source), 0);
            if (Deliver(file, source, text))
            {
                applied += text.Applied;
                reports.AddRange(FileReports.Of(text.Result));
            }
        }

        return new(arguments.Target, reports, arguments.Diff ? 0 : applied);
    }

    /// <summary>Lints a text in the place of the one that it was, so that rules that look across files see the others.</summary>
    private LintResult LintAmong(SourceText[] all, SourceText before, SourceText changed) =>
        Only(Linter.Lint(all.Select(each => each == before ? changed : each), arguments.Target, options), changed);

    /// <summary>What was found in one text.</summary>
    private static LintResult Only(LintResult result, SourceText text) =>
        result with { Sources = [text], Findings = [.. result.Findings.Where(finding => finding.Source == text)], Suppressed = [.. result.Suppressed.Where(each => each.Finding.Source == text)] };

    /// <summary>Prints the difference, or writes the text to where the old one came from; false when that failed.</summary>
    private bool Deliver(InputFile file, SourceText source, FixedText text)
    {
        if (arguments.Diff)
        {
            changes |= text.Source.Text != source.Text;
            terminal.Output.Write(UnifiedDiff.Of(source.Name, source.Text, text.Source.Text));
            return true;
        }

        if (file.Path == InputFile.StandardInput)
        {
            terminal.Output.Write((file.HasByteOrderMark ? "\uFEFF" : "") + text.Source.Text);
            return true;
        }

        return text.Source.Text == source.Text || Write(file, text.Source.Text);
    }

    private bool Write(InputFile file, string text)
    {
        try
        {
            FixedFile.Replace(file.Path, text, file.HasByteOrderMark);
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
                terminal.Error.Write($"{DisplayText.Safe(arguments.Baseline!)}: {(report.Findings.Count() is 1 ? "1 finding" : $"{report.Findings.Count()} findings")} written\n");
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                Complain(arguments.Baseline!, $"cannot be written: {failure.Message.TrimEnd('.')}");
                return report;
            }
        }

        Baseline baseline = file.Read();
        foreach (BaselineEntry entry in file.Stale(baseline, report, arguments.Rules))
        {
            terminal.Error.Write(DisplayText.Safe($"{arguments.Baseline}: stale: {entry.Rule} in {entry.Path} is gone ({entry.Message}); --write-baseline drops it") + "\n");
        }

        return file.Apply(baseline, report);
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
        terminal.Error.Write($"{DisplayText.Safe(path)}: {DisplayText.Safe(problem)}\n");
    }
}
