using System.Buffers.Text;
using Microsoft.AspNetCore.Http;

namespace ExtProc.Transport;

/// <summary>Metadata whose name ends in <c>-bin</c>: bytes, carried as base64, with or without padding, several joined by commas.</summary>
internal static class GrpcMetadata
{
    private const string BinarySuffix = "-bin";

    /// <summary>The values of one binary name, in order; none when it is absent.</summary>
    /// <exception cref="GrpcException">INTERNAL when a value is not base64.</exception>
    public static IReadOnlyList<byte[]> BinaryValues(this IHeaderDictionary metadata, string name)
    {
        RequireBinary(name);
        List<byte[]> values = [];
        foreach (string? line in metadata[name])
        {
            foreach (string item in (line ?? "").Split(',', StringSplitOptions.TrimEntries))
            {
                values.Add(Decode(name, item));
            }
        }

        return values;
    }

    /// <summary>Adds one value to a binary name of response metadata or trailers.</summary>
    public static void AppendBinary(this IHeaderDictionary metadata, string name, ReadOnlySpan<byte> value)
    {
        RequireBinary(name);
        metadata.Append(name, Convert.ToBase64String(value).TrimEnd('='));
    }

    private static byte[] Decode(string name, string item)
    {
        string padded = item.PadRight((item.Length + 3) / 4 * 4, '=');
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(padded.Length)];
        if (!Convert.TryFromBase64String(padded, bytes, out int length))
        {
            throw new GrpcException(GrpcStatusCode.Internal, $"the value of {name} is not base64, as binary metadata is");
        }

        return bytes[..length];
    }

    private static void RequireBinary(string name)
    {
        if (!name.EndsWith(BinarySuffix, StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException($"\"{name}\" is not a name of binary metadata; those end in {BinarySuffix}", nameof(name));
        }
    }
}
