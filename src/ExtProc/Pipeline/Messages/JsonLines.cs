using System.Diagnostics.CodeAnalysis;

namespace ExtProc.Pipeline.Messages;

/// <summary>One JSON text a line (jsonlines.org). The content is the line without its end.</summary>
internal sealed class JsonLines : MessageFormat
{
    public override bool TryFind(ReadOnlySpan<byte> bytes, bool isLast, [NotNullWhen(true)] out FoundMessage? message)
    {
        int end = bytes.IndexOf((byte)'\n');
        message = end >= 0 ? new(0, end > 0 && bytes[end - 1] == '\r' ? end - 1 : end, end + 1)
            : isLast && bytes.Length > 0 ? new(0, bytes.Length, bytes.Length)
            : null;
        return message is not null;
    }

    public override void Write(ReadOnlySpan<byte> content, ReadOnlySpan<byte> after, PooledBytes output)
    {
        output.Append(content);
        output.Append(after.IsEmpty ? "\n"u8 : after);
    }
}
