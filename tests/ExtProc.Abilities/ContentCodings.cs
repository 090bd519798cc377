using System.IO.Compression;

namespace ExtProc.Abilities;

/// <summary>The content-encodings that a body is taken out of and put into again.</summary>
public static class ContentCodings
{
    public static IReadOnlyList<string> All { get; } = ["gzip", "deflate", "br"];

    public static byte[] Encode(string coding, ReadOnlySpan<byte> plain)
    {
        var bytes = new MemoryStream();
        using (Stream encoder = coding switch
        {
            "gzip" => new GZipStream(bytes, CompressionLevel.Optimal),
            "deflate" => new ZLibStream(bytes, CompressionLevel.Optimal),
            "br" => new BrotliStream(bytes, CompressionLevel.Optimal),
            _ => throw new ArgumentException($"\"{coding}\" is not one of {string.Join(", ", All)}", nameof(coding)),
        })
        {
            encoder.Write(plain);
        }

        return bytes.ToArray();
    }

    public static byte[] Decode(string coding, byte[] encoded)
    {
        using var bytes = new MemoryStream(encoded);
        using Stream decoder = coding switch
        {
            "gzip" => new GZipStream(bytes, CompressionMode.Decompress),
            "deflate" => new ZLibStream(bytes, CompressionMode.Decompress),
            "br" => new BrotliStream(bytes, CompressionMode.Decompress),
            _ => throw new ArgumentException($"\"{coding}\" is not one of {string.Join(", ", All)}", nameof(coding)),
        };
        var plain = new MemoryStream();
        decoder.CopyTo(plain);
        return plain.ToArray();
    }
}
