using System.Diagnostics.CodeAnalysis;

namespace ExtProc.Pipeline.Messages;

/// <summary>Server-sent events (WHATWG HTML, 9.2.5): lines, and a blank line behind each event. The content is the lines.</summary>
internal sealed class EventStream : MessageFormat
{
    // A line end, and a CR whose LF may still come.
    private const int MostBegun = 3;

    public override bool TryFind(ReadOnlySpan<byte> bytes, int searchedBytes, bool isLast, [NotNullWhen(true)] out FoundMessage? message)
    {
        for (int at = Math.Max(0, searchedBytes - MostBegun); at < bytes.Length;)
        {
            int end = bytes[at..].IndexOfAny((byte)'\n', (byte)'\r');
            if (end < 0)
            {
                break;
            }

            int first = LineEnd(bytes, at + end, isLast);
            int second = first == 0 ? 0 : LineEnd(bytes, at + end + first, isLast);
            if (first == 0)
            {
                break;
            }

            if (second > 0)
            {
                message = new(0, at + end, at + end + first + second);
                return true;
            }

            at += end + first;
        }

        // What stands behind the last blank line is shown too: a processor must not be passed by.
        message = isLast && bytes.Length > 0 ? new(0, bytes.Length, bytes.Length) : null;
        return message is not null;
    }

    public override void Write(ReadOnlySpan<byte> content, ReadOnlySpan<byte> old, FoundMessage? found, PooledBytes output)
    {
        output.Append(content);
        output.Append(found is null || found.ContentEnd == found.Length ? "\n\n"u8 : old[found.ContentEnd..found.Length]);
    }

    /// <summary>The bytes of the line end at a place; 0 when there is none, or a CR whose LF may still come.</summary>
    private static int LineEnd(ReadOnlySpan<byte> bytes, int at, bool isLast) => at >= bytes.Length ? 0
        : bytes[at] == '\n' ? 1
        : bytes[at] != '\r' ? 0
        : at + 1 < bytes.Length ? (bytes[at + 1] == '\n' ? 2 : 1)
        : isLast ? 1 : 0;
}
