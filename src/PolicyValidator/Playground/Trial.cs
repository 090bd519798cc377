using PolicyValidator.Fixes;
using PolicyValidator.Inputs;
using PolicyValidator.Reporting;
using PolicyValidator.Rules;

namespace PolicyValidator.Playground;

/// <summary>One text, judged as <c>lint</c> judges standard input, with its fixes and with what Envoy would be given.</summary>
/// <param name="Text">The text, without a byte order mark.</param>
/// <param name="Target">The Envoy that is asked about.</param>
/// <param name="UnsafeFixes">Whether fixes that are a choice are made as well.</param>
internal sealed record Trial(string Text, Target Target, bool UnsafeFixes)
{
    /// <summary>What the text is called in differences; the name says nothing of its format, which the text itself shows.</summary>
    private const string Name = "policy";

    /// <summary>Findings that a page can show; one letter can be wrong a hundred thousand times in a text.</summary>
    private const int MostFindings = 200;

    /// <summary>Letters of one text about a finding, and other places of it, that a page can show.</summary>
    private const int MostLetters = 4000, MostRelated = 50;

    /// <summary>Messages that a page can show.</summary>
    private const int MostMessages = 50;

    /// <summary>Judges the text.</summary>
    /// <param name="cancellation">Ends the work, wherever it is.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public LintAnswer Answer(CancellationToken cancellation)
    {
        SourceText source = new(Name, Text);
        LintResult result = Lint(source, cancellation);
        return new(
            Target.Text,
            $"{Target.Version}",
            Target.Measured,
            new(Count(result, Severity.Error), Count(result, Severity.Warning), Count(result, Severity.Hint), result.Suppressed.Count),
            [.. Shown(result.Findings).Select(Answer)],
            Fixed(source, result, cancellation),
            EnvoyView.Of(result.Policies, MostMessages));
    }

    private static int Count(LintResult result, Severity severity) => result.Findings.Count(finding => finding.Severity == severity);

    /// <summary>The worst, when not all can be shown, in the order of the text.</summary>
    private static IEnumerable<Finding> Shown(IReadOnlyList<Finding> findings) => findings.Count <= MostFindings
        ? findings
        : findings.Index().OrderByDescending(each => each.Item.Severity).Take(MostFindings).OrderBy(each => each.Index).Select(each => each.Item);

    private LintResult Lint(SourceText source, CancellationToken cancellation) => Linter.Lint([source], Target, new LintOptions { Cancellation = cancellation });

    private FixAnswer? Fixed(SourceText source, LintResult result, CancellationToken cancellation)
    {
        if (!result.Findings.Any(finding => finding.Fix is { } fix && (fix.Safe || UnsafeFixes)))
        {
            return null;
        }

        FixedText text = FixApplier.Apply(source, changed => changed == source ? result : Lint(changed, cancellation), UnsafeFixes);
        return text.Applied == 0
            ? null
            : new(text.Applied, text.Result.Findings.Count, text.Source.Text, UnifiedDiff.Of(Name, source.Text, text.Source.Text));
    }

    private static FindingAnswer Answer(Finding finding)
    {
        SourcePosition at = finding.Source.PositionAt(finding.Span.Start);
        return new(
            finding.Rule.Id,
            finding.Rule.Name,
            SeverityNames.Of(finding.Severity),
            at.Line,
            at.Column,
            finding.Span.Start,
            finding.Span.End,
            Cut(finding.Pointer),
            Cut(finding.Message),
            Cut(finding.Why),
            Cut(finding.Help),
            $"{finding.Versions}",
            [.. finding.Related.Take(MostRelated).Select(place => new RelatedAnswer(place.Source.PositionAt(place.Span.Start).Line, place.Span.Start, place.Span.End, Cut(place.Message)))],
            finding.Fix is { } fix ? Cut(fix.Title) : null,
            finding.Fix?.Safe == true);
    }

    /// <summary>A message that quotes a value is as long as that.</summary>
    private static string Cut(string text) => text.Length <= MostLetters ? text : $"{text.AsSpan(0, MostLetters)}...";
}
