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

    /// <summary>Judges the text.</summary>
    public LintAnswer Answer()
    {
        SourceText source = new(Name, Text);
        LintResult result = Lint(source);
        return new(
            Target.Text,
            $"{Target.Version}",
            Target.Measured,
            [.. result.Findings.Select(Answer)],
            Fixed(source, result),
            EnvoyView.Of(result.Policies));
    }

    private LintResult Lint(SourceText source) => Linter.Lint([source], Target, new LintOptions());

    private FixAnswer? Fixed(SourceText source, LintResult result)
    {
        if (!result.Findings.Any(finding => finding.Fix is { } fix && (fix.Safe || UnsafeFixes)))
        {
            return null;
        }

        FixedText text = FixApplier.Apply(source, changed => changed == source ? result : Lint(changed), UnsafeFixes);
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
            finding.Pointer,
            finding.Message,
            finding.Why,
            finding.Help,
            $"{finding.Versions}",
            [.. finding.Related.Select(place => new RelatedAnswer(place.Source.PositionAt(place.Span.Start).Line, place.Span.Start, place.Span.End, place.Message))],
            finding.Fix?.Title,
            finding.Fix?.Safe == true);
    }
}
