using System.Text;

namespace PolicyValidator.Reporting;

/// <summary>The difference of two texts as <c>diff -u</c> prints it, so that <c>patch</c> and <c>git apply</c> read it.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>Lines that are compared with each other to find the next in common; their square is the time that it takes.</summary>
    private const int MostSkipped = 200;

    /// <summary>The difference; empty when there is none.</summary>
    /// <param name="path">The file's name, for both header lines.</param>
    /// <param name="before">The text as it is.</param>
    /// <param name="after">The text as it would be.</param>
    /// <param name="shown">The text as it would be without its secrets: lines that differ from it stand in no context. Null where there are none.</param>
    public static string Of(string path, string before, string after, string? shown = null)
    {
        if (before == after)
        {
            return "";
        }

        string[] old = Lines(before), now = Lines(after);
        StringBuilder diff = new($"--- {Quoted(path)}\n+++ {Quoted(path)}\n");
        string[] visible = shown is null ? now : Lines(shown);
        Func<int, bool> isSecret = line => line < now.Length && !ReferenceEquals(visible, now) && visible[line] != now[line];
        foreach (List<Change> hunk in Hunks(Changes(old, now), isSecret))
        {
            WriteHunk(diff, old, now, hunk, isSecret);
        }

        return diff.ToString();
    }

    /// <summary>A name as git writes it, in quotes and with escapes where it would break the line or be obeyed by what shows it.</summary>
    private static string Quoted(string path)
    {
        if (!path.EnumerateRunes().Any(rune => DisplayText.IsControl(rune) || rune.Value is '"' or '\\'))
        {
            return path;
        }

        StringBuilder quoted = new("\"");
        foreach (byte each in Encoding.UTF8.GetBytes(path))
        {
            quoted.Append(each switch
            {
                (byte)'"' => "\\\"",
                (byte)'\\' => "\\\\",
                >= 0x20 and < 0x7f => $"{(char)each}",
                _ => $"\\{Convert.ToString(each, 8).PadLeft(3, '0')}",
            });
        }

        return quoted.Append('"').ToString();
    }

    /// <summary>Lines with their ends, so that a missing last newline and a carriage return are seen.</summary>
    private static string[] Lines(string text)
    {
        List<string> lines = [];
        for (int at = 0; at < text.Length;)
        {
            int feed = text.IndexOf('\n', at);
            int end = feed < 0 ? text.Length : feed + 1;
            lines.Add(text[at..end]);
            at = end;
        }

        return [.. lines];
    }

    /// <summary>
    /// The stretches that differ. Fixes only insert lines or change single ones, so a walk that finds the next line in common nearby
    /// gives what a full comparison would, in the time of one pass.
    /// </summary>
    private static List<Change> Changes(string[] old, string[] now)
    {
        List<Change> changes = [];
        ILookup<string, int>? places = null;
        int left = 0, right = 0;
        while (left < old.Length || right < now.Length)
        {
            if (left < old.Length && right < now.Length && old[left] == now[right])
            {
                (left, right) = (left + 1, right + 1);
                continue;
            }

            (int oldEnd, int newEnd) = NextInCommon(old, now, left, right, ref places);
            changes.Add(new(left, oldEnd, right, newEnd));
            (left, right) = (oldEnd, newEnd);
        }

        return changes;
    }

    /// <summary>The nearest lines in common; where there are none nearby, the next line of the old text that the new one still has.</summary>
    private static (int Old, int New) NextInCommon(string[] old, string[] now, int left, int right, ref ILookup<string, int>? places)
    {
        int most = Math.Min(MostSkipped, old.Length - left + now.Length - right);
        for (int distance = 1; distance <= most; distance++)
        {
            for (int skipOld = 0; skipOld <= distance; skipOld++)
            {
                int atOld = left + skipOld, atNew = right + distance - skipOld;
                if (atOld < old.Length && atNew < now.Length && old[atOld] == now[atNew])
                {
                    return (atOld, atNew);
                }
            }
        }

        places ??= now.Index().GroupBy(line => line.Item).Where(same => same.Count() == 1).SelectMany(same => same).ToLookup(line => line.Item, line => line.Index);
        for (int atOld = left; atOld < old.Length; atOld++)
        {
            if (places[old[atOld]].FirstOrDefault(-1) is var atNew && atNew >= right)
            {
                return (atOld, atNew);
            }
        }

        return (old.Length, now.Length);
    }

    /// <summary>Changes whose contexts touch share a hunk, unless a secret stands between them.</summary>
    private static IEnumerable<List<Change>> Hunks(List<Change> changes, Func<int, bool> isSecret)
    {
        List<Change> hunk = [];
        foreach (Change change in changes)
        {
            if (hunk.Count > 0 && (change.OldStart - hunk[^1].OldEnd is > 2 * Context || Enumerable.Range(hunk[^1].NewEnd, change.NewStart - hunk[^1].NewEnd).Any(isSecret)))
            {
                yield return hunk;
                hunk = [];
            }

            hunk.Add(change);
        }

        yield return hunk;
    }

    private static void WriteHunk(StringBuilder diff, string[] old, string[] now, List<Change> hunk, Func<int, bool> isSecret)
    {
        int before = Enumerable.Range(1, Math.Min(Context, hunk[0].OldStart)).TakeWhile(back => !isSecret(hunk[0].NewStart - back)).Count();
        int after = Enumerable.Range(hunk[^1].NewEnd, Math.Min(Context, old.Length - hunk[^1].OldEnd)).TakeWhile(line => !isSecret(line)).Count();
        int oldStart = hunk[0].OldStart - before, oldEnd = hunk[^1].OldEnd + after;
        int newStart = hunk[0].NewStart - before, newEnd = hunk[^1].NewEnd + after;
        diff.Append($"@@ -{Range(oldStart, oldEnd)} +{Range(newStart, newEnd)} @@\n");
        int at = oldStart;
        foreach (Change change in hunk)
        {
            WriteLines(diff, ' ', old.AsSpan(at..change.OldStart));
            WriteLines(diff, '-', old.AsSpan(change.OldStart..change.OldEnd));
            WriteLines(diff, '+', now.AsSpan(change.NewStart..change.NewEnd));
            at = change.OldEnd;
        }

        WriteLines(diff, ' ', old.AsSpan(at..oldEnd));
    }

    /// <summary>First line and count; an empty range names the line before it.</summary>
    private static string Range(int start, int end) => (end - start) switch
    {
        0 => $"{start},0",
        1 => $"{start + 1}",
        int count => $"{start + 1},{count}",
    };

    private static void WriteLines(StringBuilder diff, char mark, ReadOnlySpan<string> lines)
    {
        foreach (string line in lines)
        {
            diff.Append(mark).Append(line);
            if (!line.EndsWith('\n'))
            {
                diff.Append("\n\\ No newline at end of file\n");
            }
        }
    }

    private readonly record struct Change(int OldStart, int OldEnd, int NewStart, int NewEnd);
}
