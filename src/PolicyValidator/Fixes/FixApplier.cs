using System.Text;
using PolicyValidator.Inputs;
using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Fixes;

/// <summary>A text after its fixes.</summary>
/// <param name="Source">The text; the one that came in when nothing was to be done.</param>
/// <param name="Result">What remains in it.</param>
/// <param name="Applied">How many fixes were made.</param>
public sealed record FixedText(SourceText Source, LintResult Result, int Applied);

/// <summary>Texts after their fixes.</summary>
/// <param name="Result">What remains in them; its sources are the texts, in the order in which they came in.</param>
/// <param name="Applied">How many fixes were made in each.</param>
public sealed record FixedTexts(LintResult Result, IReadOnlyList<int> Applied);

/// <summary>
/// Makes the fixes of all texts of a run: all that do not overlap at once, then lints them together again, until nothing changes. So every
/// text is judged beside what the others have become, and the number of lints does not grow with that of the texts.
/// </summary>
public static class FixApplier
{
    /// <summary>Fixes that undo each other would never end; real chains are two or three long.</summary>
    private const int MostRounds = 10;

    /// <summary>Fixes one text.</summary>
    /// <param name="source">The text.</param>
    /// <param name="lint">Lints one text.</param>
    /// <param name="unsafeToo">Whether fixes that are a choice are made as well.</param>
    public static FixedText Apply(SourceText source, Func<SourceText, LintResult> lint, bool unsafeToo)
    {
        FixedTexts made = Apply([source], texts => lint(texts[0]), unsafeToo);
        return new(made.Applied[0] == 0 ? source : made.Result.Sources[0], made.Result, made.Applied[0]);
    }

    /// <summary>Fixes texts.</summary>
    /// <param name="sources">The texts.</param>
    /// <param name="lint">Lints them together.</param>
    /// <param name="unsafeToo">Whether fixes that are a choice are made as well.</param>
    public static FixedTexts Apply(IReadOnlyList<SourceText> sources, Func<IReadOnlyList<SourceText>, LintResult> lint, bool unsafeToo)
    {
        Draft[] drafts = [.. sources.Select(source => new Draft(source))];
        LintResult result = lint(sources);
        for (int round = 0; round < MostRounds && Edit(drafts, result, unsafeToo); round++)
        {
            LintResult next = lint([.. drafts.Select(draft => draft.Source)]);
            result = TakeBack(drafts, Problems(result), Problems(next)) ? lint([.. drafts.Select(draft => draft.Source)]) : next;
        }

        return new(result, [.. drafts.Select(draft => draft.Applied)]);
    }

    /// <summary>One round of fixes.</summary>
    /// <returns>Whether any text has changed.</returns>
    private static bool Edit(Draft[] drafts, LintResult result, bool unsafeToo)
    {
        ILookup<SourceText, Finding> findings = result.Findings.ToLookup(finding => finding.Source);
        bool changed = false;
        foreach (Draft draft in drafts.Where(draft => !draft.IsSettled))
        {
            List<Fix> fixes = Choose(findings[draft.Source], unsafeToo);
            changed |= draft.Change(Edit(draft.Source.Text, [.. fixes.SelectMany(fix => fix.Edits)]), fixes.Count);
        }

        return changed;
    }

    /// <summary>A text that parsed must still parse: one that does not any more is put back, and left alone from then on.</summary>
    /// <returns>Whether any was put back.</returns>
    private static bool TakeBack(Draft[] drafts, ILookup<SourceText, ConfigProblem> before, ILookup<SourceText, ConfigProblem> after)
    {
        Draft[] broken = [.. drafts.Where(draft => after[draft.Source].Count() > before[draft.Before].Count())];
        foreach (Draft draft in broken)
        {
            draft.TakeBack();
        }

        return broken.Length > 0;
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
    private static List<Fix> Choose(IEnumerable<Finding> findings, bool unsafeToo)
    {
        List<Fix> chosen = [];
        SortedSet<TextEdit> taken = new(ByPlace);
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

    private static readonly Comparer<TextEdit> ByPlace = Comparer<TextEdit>.Create((one, other) =>
        (one.Span.Start, one.Span.End).CompareTo((other.Span.Start, other.Span.End)) is var place and not 0 ? place : string.CompareOrdinal(one.NewText, other.NewText));

    /// <summary>Those that were taken lie apart, so that only the last before the end of another one, or one equal to it, can touch it.</summary>
    private static bool Collides(TextEdit edit, SortedSet<TextEdit> taken) =>
        taken.GetViewBetween(Behind(-1), Behind(edit.Span.End)).Reverse().Take(2).Any(other => other != edit && edit.Span.Start <= other.Span.End);

    /// <summary>Stands behind all edits that begin at a place or before.</summary>
    private static TextEdit Behind(int place) => new(new(place, int.MaxValue), "");

    /// <summary>What keeps documents, or texts inside their values, from being read.</summary>
    private static ILookup<SourceText, ConfigProblem> Problems(LintResult result) => result.Policies.Problems
        .Where(problem => problem.Kind is ProblemKind.Syntax or ProblemKind.UnreadText)
        .ToLookup(problem => problem.Document.Source);

    /// <summary>A text that is being fixed.</summary>
    private sealed class Draft(SourceText source)
    {
        private int appliedBefore;

        /// <summary>As it is now.</summary>
        public SourceText Source { get; private set; } = source;

        /// <summary>As it was before the last round.</summary>
        public SourceText Before { get; private set; } = source;

        /// <summary>How many fixes were made.</summary>
        public int Applied { get; private set; }

        /// <summary>Whether nothing more is to be done to it.</summary>
        public bool IsSettled { get; private set; }

        /// <summary>Makes a text of it.</summary>
        /// <returns>Whether it is another one.</returns>
        public bool Change(string text, int fixes)
        {
            (Before, appliedBefore) = (Source, Applied);
            if (text == Source.Text)
            {
                return false;
            }

            (Source, Applied) = (new(Source.Name, text), Applied + fixes);
            return true;
        }

        /// <summary>Undoes the last change.</summary>
        public void TakeBack() => (Source, Applied, IsSettled) = (Before, appliedBefore, true);
    }
}
