using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Reporting;

/// <summary>The lines of a finding, with carets under what it points at.</summary>
internal static class Snippet
{
    /// <summary>Longer lines (JSON without line breaks) are cut to a window around the place.</summary>
    private const int WindowChars = 120;

    /// <summary>Of a place of many lines the first ones say enough.</summary>
    private const int MostLines = 3;

    /// <summary>The snippet's lines.</summary>
    /// <param name="finding">The finding.</param>
    /// <param name="source">Its text, as it is shown.</param>
    /// <param name="palette">The colours.</param>
    public static IEnumerable<string> Of(Finding finding, SourceText source, Palette palette)
    {
        int first = source.PositionAt(finding.Span.Start).Line;
        int last = source.PositionAt(Math.Max(finding.Span.Start, finding.Span.End - 1)).Line;
        int shown = Math.Min(last, first + MostLines - 1);
        string margin = new(' ', $"{shown}".Length);
        yield return palette.Faint($"{margin} |");
        for (int line = first; line <= shown; line++)
        {
            (string text, string carets) = Marked(source, line, finding.Span);
            yield return palette.Faint($"{$"{line}".PadLeft(margin.Length)} |") + (text.Length > 0 ? " " + text : "");
            yield return palette.Faint($"{margin} |") + " " + palette.Mark(finding.Severity, carets);
        }

        if (last > shown)
        {
            yield return palette.Faint($"{margin} | ...");
        }
    }

    /// <summary>A line cut to the window, and the line of carets that goes under it.</summary>
    private static (string Text, string Carets) Marked(SourceText source, int line, SourceSpan span)
    {
        ReadOnlySpan<char> text = source.Line(line);
        int lineStart = source.LineStart(line);
        int from = Math.Clamp(span.Start - lineStart, 0, text.Length), to = Math.Clamp(span.End - lineStart, from, text.Length);
        if (from == 0)
        {
            from = Math.Min(to, text.Length - text.TrimStart(" \t").Length);
        }

        int cut = text.Length <= WindowChars ? 0 : Whole(text, Math.Clamp(from - (WindowChars / 3), 0, text.Length - WindowChars));
        int end = text.Length <= WindowChars ? text.Length : Whole(text, cut + WindowChars);
        string before = (cut > 0 ? "..." : "") + DisplayText.Safe(text[cut..from]);
        string under = DisplayText.Safe(text[from..Math.Clamp(to, from, Math.Max(from, end))]);
        string after = DisplayText.Safe(text[Math.Clamp(to, from, Math.Max(from, end))..Math.Max(end, from)]) + (end < text.Length ? "..." : "");
        return (DisplayText.Safe(before + under + after), // once more: what is obeyed may stand on the border
            new string(' ', DisplayText.Columns(before)) + new string('^', Math.Max(1, DisplayText.Columns(under))));
    }

    /// <summary>Never cuts a surrogate pair in two.</summary>
    private static int Whole(ReadOnlySpan<char> text, int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) ? at - 1 : at;
}
