namespace ExtProc.Transport;

/// <summary>How large the messages of a call may be.</summary>
/// <param name="MessageBytes">Bytes of one message, before and after it was unpacked.</param>
/// <param name="InflatedRatio">How many times larger a compressed message may be when it is unpacked; looked at from 512 KiB on.</param>
internal readonly record struct GrpcReaderLimits(int MessageBytes, int InflatedRatio = 100)
{
    // Honest text of one kind can be packed a thousand times smaller; so much of it hurts nobody.
    private const int AnyRatioBytes = 512 * 1024;

    /// <summary>Bytes that a compressed message may have when it is unpacked.</summary>
    public int InflatedBytes(long compressedBytes) => (int)Math.Min(MessageBytes, Math.Max(AnyRatioBytes, compressedBytes * InflatedRatio));
}
