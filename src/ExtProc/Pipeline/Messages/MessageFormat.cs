using System.Diagnostics.CodeAnalysis;

namespace ExtProc.Pipeline.Messages;

/// <summary>How messages lie in a body one behind the other. One class a format; <see cref="For"/> lists them.</summary>
internal abstract class MessageFormat
{
    /// <summary>The format that a content-type says; null for a body that is not made of messages.</summary>
    /// <param name="contentType">The header's value, or null.</param>
    /// <param name="grpcEncoding">The value of <c>grpc-encoding</c>, or null.</param>
    public static MessageFormat? For(string? contentType, string? grpcEncoding)
    {
        string type = (contentType ?? "").Split(';', 2)[0].Trim().ToLowerInvariant();
        return type switch
        {
            "application/grpc" => new GrpcMessages(grpcEncoding),
            _ when type.StartsWith("application/grpc+", StringComparison.Ordinal) => new GrpcMessages(grpcEncoding),
            "text/event-stream" => new EventStream(),
            "application/x-ndjson" or "application/jsonl" or "application/json-lines" or "application/jsonlines" => new JsonLines(),
            _ => null,
        };
    }

    /// <summary>Finds the first message; false when it is not all here.</summary>
    /// <param name="bytes">What is here.</param>
    /// <param name="isLast">Nothing more comes.</param>
    /// <param name="message">Where it is.</param>
    public abstract bool TryFind(ReadOnlySpan<byte> bytes, bool isLast, [NotNullWhen(true)] out FoundMessage? message);

    /// <summary>What a processor sees of a message.</summary>
    /// <exception cref="ExchangeRefusedException">It is compressed in a way that cannot be undone, or grows too much.</exception>
    public virtual ReadOnlyMemory<byte> Open(FoundMessage message, ReadOnlyMemory<byte> bytes, int limitBytes) =>
        bytes.Slice(message.ContentStart, message.ContentLength);

    /// <summary>Writes a message whose content was changed or made.</summary>
    /// <param name="content">The new content.</param>
    /// <param name="after">What stood behind the old content, such as line ends; empty for a new message.</param>
    /// <param name="output">Where to.</param>
    public abstract void Write(ReadOnlySpan<byte> content, ReadOnlySpan<byte> after, PooledBytes output);
}

/// <summary>A message in a body: its content, and all of it with what belongs to it.</summary>
/// <param name="ContentStart">Where its content begins.</param>
/// <param name="ContentLength">The content's bytes.</param>
/// <param name="Length">All bytes from the beginning.</param>
/// <param name="IsCompressed">The content is compressed for itself (gRPC).</param>
internal sealed record FoundMessage(int ContentStart, int ContentLength, int Length, bool IsCompressed = false);
