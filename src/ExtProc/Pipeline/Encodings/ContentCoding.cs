using System.IO.Compression;
using ExtProc.Memory;

namespace ExtProc.Pipeline.Encodings;

/// <summary>The content-codings that can be decoded and encoded again (RFC 9110 section 8.4.1).</summary>
internal static class ContentCoding
{
    // Without it the framework's streams take a body that was cut off for a whole one, and it would be encoded again as such. Read once a
    // process, when the first such stream is made: a host that decompresses before it adds this server sets it in its runtimeconfig.json.
    private const string RefuseCutOff = "System.IO.Compression.UseStrictValidation";

    // The names of codings are short, and nobody applies many of them.
    private const int MostBytes = 1024;

    static ContentCoding() => Prepare();

    /// <summary>Says that bodies which were cut off are errors; to be called before anything in the process is decompressed.</summary>
    public static void Prepare() => AppContext.SetSwitch(RefuseCutOff, true);

    /// <summary>
    /// The value of content-encoding, of all its lines, without <c>identity</c>; null when nothing is left. Two codings, one over the
    /// other, are one text with a comma, which is not supported; nor is a text that says that there are more than anybody reads.
    /// </summary>
    public static string? Of(HeaderMap headers)
    {
        if (headers.IsLongerThan("content-encoding", MostBytes))
        {
            return $"(more than {MostBytes} bytes)";
        }

        string[] names = [.. headers.Values("content-encoding").SelectMany(line => line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(name => !name.Equals("identity", StringComparison.OrdinalIgnoreCase))];
        return names.Length == 0 ? null : string.Join(", ", names);
    }

    public static bool IsKnown(string name) => Canonical(name) is not null;

    public static bool IsBrotli(string name) => Canonical(name) == "br";

    /// <exception cref="MemoryBudgetException">The memory budget has no room for it.</exception>
    public static Stream Decoder(string name, Stream encoded, CodingMemory memory) => Canonical(name) switch
    {
        "gzip" => new GZipStream(encoded, CompressionMode.Decompress),
        "deflate" => new ZLibStream(encoded, CompressionMode.Decompress),
        _ => new BrotliDecodingStream(encoded, memory),
    };

    // The fastest level: a client is waiting for these bytes.
    public static Stream Encoder(string name, Stream encoded) => Canonical(name) switch
    {
        "gzip" => new GZipStream(encoded, CompressionLevel.Fastest, leaveOpen: true),
        "deflate" => new ZLibStream(encoded, CompressionLevel.Fastest, leaveOpen: true),
        _ => new BrotliStream(encoded, CompressionLevel.Fastest, leaveOpen: true),
    };

    private static string? Canonical(string name) => name.Trim().ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => "gzip",
        "deflate" => "deflate",
        "br" => "br",
        _ => null,
    };
}
