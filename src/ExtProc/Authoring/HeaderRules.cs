using System.Buffers;

namespace ExtProc;

/// <summary>What HTTP allows in header names and values (RFC 9110 section 5), checked where an author writes them.</summary>
internal static class HeaderRules
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> ForbiddenInValues = SearchValues.Create("\0\r\n");

    /// <summary>The name in lower case, as HTTP/2 and Envoy want it.</summary>
    /// <exception cref="ArgumentException">Empty, or not a token.</exception>
    public static string CheckedName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string lower = name.ToLowerInvariant();
        ReadOnlySpan<char> token = lower[0] == ':' ? lower.AsSpan(1) : lower;
        int bad = token.IndexOfAnyExcept(NameCharacters);
        return bad < 0 && token.Length > 0
            ? lower
            : throw new ArgumentException($"\"{name}\" is not a header name; use letters, digits and !#$%&'*+-.^_`|~", nameof(name));
    }

    /// <exception cref="ArgumentException">Has a line end or a NUL.</exception>
    public static string CheckedValue(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.AsSpan().IndexOfAny(ForbiddenInValues) < 0
            ? value
            : throw new ArgumentException($"the value of \"{name}\" has a line end or a NUL, which no header value may have", nameof(value));
    }
}
