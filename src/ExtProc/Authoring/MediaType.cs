using System.Buffers;

namespace ExtProc;

/// <summary>A media type with the parameters that say how its bytes are to be read (RFC 9110 section 8.3.1).</summary>
/// <param name="Name">Type and subtype, in lower case.</param>
/// <param name="Charset">The charset in lower case; null when none is said.</param>
/// <param name="Boundary">The boundary of a multipart body; null when none is said.</param>
internal sealed record MediaType(string Name, string? Charset = null, string? Boundary = null)
{
    /// <summary>Bytes of a field value that is still read; a boundary, a charset and a name are far shorter.</summary>
    public const int MostBytes = 4096;

    private static readonly SearchValues<char> TokenLetters = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public bool IsMultipart => Name.StartsWith("multipart/", StringComparison.Ordinal);

    /// <summary>Whether a text is a token of HTTP.</summary>
    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenLetters);

    /// <summary>
    /// What a field value says; null for one that recipients could read in different ways: no type at all, two of them (which proxies
    /// join with a comma), the same parameter twice, or in the extended form of RFC 2231 (<c>charset*</c>, <c>boundary*0</c>), which some know.
    /// </summary>
    public static MediaType? Parse(string value)
    {
        ReadOnlySpan<char> text = value;
        int end = text.IndexOf(';');
        ReadOnlySpan<char> name = (end < 0 ? text : text[..end]).Trim(" \t");
        int slash = name.IndexOf('/');
        if (slash < 0 || !IsToken(name[..slash]) || !IsToken(name[(slash + 1)..]))
        {
            return null;
        }

        var type = new MediaType(name.ToString().ToLowerInvariant());
        return end < 0 ? type : WithParameters(type, text[(end + 1)..]);
    }

    private static MediaType? WithParameters(MediaType type, ReadOnlySpan<char> text)
    {
        while (true)
        {
            text = text.TrimStart("; \t");
            if (text.IsEmpty)
            {
                return type;
            }

            if (TakeParameter(ref text) is not var (name, value) || value.Contains(',', StringComparison.Ordinal) || IsRepeated(type, name) || IsExtended(name))
            {
                return null;
            }

            type = name switch
            {
                "charset" => type with { Charset = value.ToLowerInvariant() },
                "boundary" => type with { Boundary = value },
                _ => type,
            };
        }
    }

    private static bool IsRepeated(MediaType type, string name) =>
        (name == "charset" && type.Charset is not null) || (name == "boundary" && type.Boundary is not null);

    private static bool IsExtended(string name) => name.StartsWith("charset*", StringComparison.Ordinal) || name.StartsWith("boundary*", StringComparison.Ordinal);

    private static (string Name, string Value)? TakeParameter(ref ReadOnlySpan<char> text)
    {
        int stop = text.IndexOfAny('=', ';');
        string name = (stop < 0 ? text : text[..stop]).Trim(" \t").ToString().ToLowerInvariant();
        if (stop < 0 || text[stop] == ';')
        {
            text = stop < 0 ? default : text[stop..];
            return (name, "");
        }

        text = text[(stop + 1)..].TrimStart(" \t");
        if (!text.StartsWith("\""))
        {
            int end = text.IndexOf(';');
            string value = (end < 0 ? text : text[..end]).TrimEnd(" \t").ToString();
            text = end < 0 ? default : text[end..];
            return (name, value);
        }

        return TakeQuoted(ref text) is { } quoted ? (name, quoted) : null;
    }

    /// <summary>A quoted string; null when it has no end.</summary>
    private static string? TakeQuoted(ref ReadOnlySpan<char> text)
    {
        var value = new System.Text.StringBuilder();
        for (int at = 1; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                text = text[(at + 1)..];
                return value.ToString();
            }

            at += text[at] == '\\' && at + 1 < text.Length ? 1 : 0;
            value.Append(text[at]);
        }

        return null;
    }
}
