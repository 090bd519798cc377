namespace ExtProc.Transport;

/// <summary>How large the messages of a call may be.</summary>
/// <param name="MessageBytes">Bytes of one message, before and after it is unpacked.</param>
/// <param name="InflatedRatio">How many times larger a compressed message may be when it is unpacked; applies above 512 KiB.</param>
internal readonly record struct GrpcReaderLimits(int MessageBytes, int InflatedRatio = 100)
{
    // Legitimate repetitive text can compress a thousand to one; this much of it does no harm.
    private const int AnyRatioBytes = 512 * 1024;

    /// <summary>Bytes that a compressed message may have when it is unpacked.</summary>
    public int InflatedBytes(long compressedBytes) => (int)Math.Min(MessageBytes, Math.Max(AnyRatioBytes, compressedBytes * InflatedRatio));
}
