using System.Diagnostics.CodeAnalysis;

namespace ExtProc.Pipeline.Messages;

/// <summary>One JSON text a line (jsonlines.org). The content is the line without its end.</summary>
internal sealed class JsonLines : MessageFormat
{
    public override bool TryFind(ReadOnlySpan<byte> bytes, int searchedBytes, bool isLast, [NotNullWhen(true)] out FoundMessage? message)
    {
        int next = bytes[searchedBytes..].IndexOf((byte)'\n'), end = next < 0 ? next : searchedBytes + next;
        message = end >= 0 ? new(0, end > 0 && bytes[end - 1] == '\r' ? end - 1 : end, end + 1)
            : isLast && bytes.Length > 0 ? new(0, bytes.Length, bytes.Length)
            : null;
        return message is not null;
    }

    public override void Write(ReadOnlySpan<byte> content, ReadOnlySpan<byte> old, FoundMessage? found, PooledBytes output)
    {
        output.Append(content);
        output.Append(found is null || found.ContentEnd == found.Length ? "\n"u8 : old[found.ContentEnd..found.Length]);
    }
}
