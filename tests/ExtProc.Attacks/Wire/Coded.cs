using System.IO.Compression;

namespace ExtProc.Attacks.Wire;

/// <summary>Bodies in a content-encoding.</summary>
internal static class Coded
{
    /// <summary>Bytes as small as a coding makes them.</summary>
    /// <param name="coding">gzip, br or deflate</param>
    public static byte[] As(string coding, ReadOnlySpan<byte> bytes) => Requests.Compress(bytes, coding switch
    {
        "gzip" => into => new GZipStream(into, CompressionLevel.SmallestSize),
        "br" => into => new BrotliStream(into, CompressionLevel.Optimal),
        _ => into => new ZLibStream(into, CompressionLevel.SmallestSize),
    });
}
