namespace ExtProc.Protocol;

/// <summary>
/// What one received message may hold beside a body's bytes. Looked at in the bytes as they came, before anything is copied or made of
/// them: a line may take two bytes on the wire, and many times as much as an object.
/// </summary>
/// <param name="HeaderBytes">Bytes of a message without those of a body (<c>limits.receivedHeaderBytes</c>).</param>
/// <param name="HeaderCount">Lines of headers or trailers, values of attributes and metadata, fields of any message (<c>limits.receivedHeaderCount</c>).</param>
internal readonly record struct ReceivedLimits(int HeaderBytes, int HeaderCount)
{
    /// <summary>What the settings say when they say nothing.</summary>
    public static ReceivedLimits Default { get; } = new(1 << 20, 10_000);

    /// <summary>Refuses a message that has too much beside a body.</summary>
    /// <exception cref="ReceivedLimitException">It has.</exception>
    public void RequireBytes(long bytes)
    {
        if (bytes > HeaderBytes)
        {
            throw new ReceivedLimitException($"{bytes} bytes beside a body, over the {HeaderBytes} that are taken (limits.receivedHeaderBytes)");
        }
    }
}

/// <summary>A received message is larger than the limits allow.</summary>
internal sealed class ReceivedLimitException(string found) : Exception($"a message has {found}");
