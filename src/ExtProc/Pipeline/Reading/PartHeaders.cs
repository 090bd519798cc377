using System.Text;

namespace ExtProc.Pipeline.Reading;

/// <summary>What the headers of a part of a multipart body say of its content (RFC 2046, RFC 7578).</summary>
/// <param name="ContentType">Null when none is said.</param>
/// <param name="WhyClosed">Why the content is not what the type says, as the end of a sentence; null when it is.</param>
internal sealed record PartHeaders(string? ContentType, string? WhyClosed)
{
    /// <summary>Null for lines that recipients could read in different ways.</summary>
    public static PartHeaders? Parse(ReadOnlySpan<byte> lines)
    {
        string text = Encoding.Latin1.GetString(lines).Replace("\r\n ", " ", StringComparison.Ordinal).Replace("\r\n\t", " ", StringComparison.Ordinal);
        Dictionary<string, string> fields = new(StringComparer.OrdinalIgnoreCase);
        foreach (string line in text.Split("\r\n")[..^1])
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0 || !MediaType.IsToken(line.AsSpan(0, colon)) || line.AsSpan().ContainsAny("\r\n\0") || !fields.TryAdd(line[..colon], line[(colon + 1)..].Trim()))
            {
                return null;
            }
        }

        return new(fields.GetValueOrDefault("content-type"), WhyClosedBy(fields));
    }

    private static string? WhyClosedBy(Dictionary<string, string> fields) =>
        fields.TryGetValue("content-transfer-encoding", out string? encoding) && encoding.ToLowerInvariant() is not ("7bit" or "8bit" or "binary" or "")
            ? $"is written in the content-transfer-encoding \"{BodyFacts.Shown(encoding)}\""
            : fields.TryGetValue("content-encoding", out string? coding) && coding.ToLowerInvariant() is not ("identity" or "")
            ? $"has the content-encoding \"{BodyFacts.Shown(coding)}\""
            : fields.ContainsKey("content-range") ? "is a range" : null;
}
