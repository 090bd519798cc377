using System.Diagnostics.CodeAnalysis;

namespace ExtProc.Pipeline.Messages;

/// <summary>How messages lie in a body one behind the other. One class a format; <see cref="For"/> lists them.</summary>
internal abstract class MessageFormat
{
    /// <summary>The format that a media type says; null for a body that is not made of messages.</summary>
    /// <param name="mediaType">In lower case, without parameters.</param>
    /// <param name="coding">What messages may be compressed with, by <c>grpc-encoding</c> or <c>connect-content-encoding</c>; null for nothing.</param>
    public static MessageFormat? For(string mediaType, string? coding) => mediaType switch
    {
        _ when Envelope.Holds(mediaType) => Envelope.IsBase64(mediaType) ? null : new EnvelopedMessages(mediaType, coding),
        "text/event-stream" => new EventStream(),
        "application/x-ndjson" or "application/ndjson" or "application/jsonl" or "application/json-lines" or "application/jsonlines" => new JsonLines(),
        _ => null,
    };

    /// <summary>Finds the first message; false when it is not all here.</summary>
    /// <param name="bytes">What is here.</param>
    /// <param name="searchedBytes">How many of the first bytes were here when it was not found: no end of it lies all in them.</param>
    /// <param name="isLast">Nothing more comes.</param>
    /// <param name="message">Where it is.</param>
    public abstract bool TryFind(ReadOnlySpan<byte> bytes, int searchedBytes, bool isLast, [NotNullWhen(true)] out FoundMessage? message);

    /// <summary>What a processor sees of a message.</summary>
    /// <param name="message">Where its content is.</param>
    /// <param name="bytes">The message as it came.</param>
    /// <param name="limitBytes">The most that it may have.</param>
    /// <param name="limitRatio">How many times larger it may grow when it is inflated.</param>
    /// <param name="inflated">For a content that is not in <paramref name="bytes"/>.</param>
    /// <exception cref="ExchangeRefusedException">It is compressed in a way that cannot be decoded, or grows too much.</exception>
    public virtual ReadOnlyMemory<byte> Open(FoundMessage message, ReadOnlyMemory<byte> bytes, int limitBytes, int limitRatio, PooledBytes inflated) =>
        bytes.Slice(message.ContentStart, message.ContentLength);

    /// <summary>Writes a message whose content was changed or made.</summary>
    /// <param name="content">The new content.</param>
    /// <param name="old">The message as it came; empty for a new one.</param>
    /// <param name="found">Where its content is; null for a new one.</param>
    /// <param name="output">Where to.</param>
    public abstract void Write(ReadOnlySpan<byte> content, ReadOnlySpan<byte> old, FoundMessage? found, PooledBytes output);
}

/// <summary>A message in a body: its content, and all of it with what belongs to it.</summary>
/// <param name="ContentStart">Where its content begins.</param>
/// <param name="ContentLength">The content's bytes.</param>
/// <param name="Length">All bytes from the beginning.</param>
/// <param name="IsCompressed">The content is compressed for itself (gRPC, Connect).</param>
/// <param name="IsEnd">It stands for the trailers of the whole, and is no message of it (gRPC-Web, Connect).</param>
internal sealed record FoundMessage(int ContentStart, int ContentLength, int Length, bool IsCompressed = false, bool IsEnd = false)
{
    /// <summary>Why nobody can say what its content is; null when it can be read.</summary>
    public string? WhyUnreadable { get; init; }

    /// <summary>Where what stands behind its content begins.</summary>
    public int ContentEnd => ContentStart + ContentLength;
}
