using System.Text;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Fixes;

/// <summary>A text after its fixes.</summary>
/// <param name="Source">The text; the one that came in when nothing was to be done.</param>
/// <param name="Result">What remains in it.</param>
/// <param name="Applied">How many fixes were made.</param>
public sealed record FixedText(SourceText Source, LintResult Result, int Applied);

/// <summary>Makes the fixes of a text: all that do not overlap at once, then lints again, until nothing changes.</summary>
public static class FixApplier
{
    /// <summary>Fixes that undo each other would go on for ever; real chains are two or three long.</summary>
    private const int MostRounds = 10;

    /// <summary>Fixes a text.</summary>
    /// <param name="source">The text.</param>
    /// <param name="lint">Lints one text.</param>
    /// <param name="unsafeToo">Whether fixes that are a choice are made as well.</param>
    public static FixedText Apply(SourceText source, Func<SourceText, LintResult> lint, bool unsafeToo)
    {
        FixedText best = new(source, lint(source), 0);
        for (int round = 0; round < MostRounds; round++)
        {
            List<Fix> fixes = Choose(best.Result.Findings, unsafeToo);
            string text = Edit(best.Source.Text, [.. fixes.SelectMany(fix => fix.Edits)]);
            if (text == best.Source.Text)
            {
                break;
            }

            SourceText next = new(source.Name, text);
            LintResult result = lint(next);
            if (Problems(result) > Problems(best.Result))
            {
                break; // A text that parsed must still parse.
            }

            best = new(next, result, best.Applied + fixes.Count);
        }

        return best;
    }

    /// <summary>Applies edits that do not overlap; equal ones count once.</summary>
    public static string Edit(string text, IReadOnlyList<TextEdit> edits)
    {
        StringBuilder result = new(text.Length + 64);
        int at = 0;
        foreach (TextEdit edit in edits.Distinct().OrderBy(edit => edit.Span.Start).ThenBy(edit => edit.Span.End))
        {
            result.Append(text, at, edit.Span.Start - at).Append(edit.NewText);
            at = edit.Span.End;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>The fixes for one round, in the order of the findings: of those that touch the same text the first wins.</summary>
    private static List<Fix> Choose(IReadOnlyList<Finding> findings, bool unsafeToo)
    {
        List<Fix> chosen = [];
        HashSet<TextEdit> taken = [];
        foreach (Fix fix in findings.Select(finding => finding.Fix).OfType<Fix>().Where(fix => fix.Safe || unsafeToo))
        {
            if (fix.Edits.Any(edit => !taken.Contains(edit)) && !fix.Edits.Any(edit => Collides(edit, taken)))
            {
                taken.UnionWith(fix.Edits);
                chosen.Add(fix);
            }
        }

        return chosen;
    }

    private static bool Collides(TextEdit edit, HashSet<TextEdit> taken) =>
        taken.Any(other => other != edit && edit.Span.Start <= other.Span.End && other.Span.Start <= edit.Span.End);

    private static int Problems(LintResult result) => result.Policies.Documents.Sum(document => document.Problems.Count);
}
