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
        return ProblemOfName(lower) is null ? lower : throw new ArgumentException(ProblemOfName(name), nameof(name));
    }

    /// <exception cref="ArgumentException">Has a line end or a NUL.</exception>
    public static string CheckedValue(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return ProblemOfValue(name, value) is { } problem ? throw new ArgumentException(problem, nameof(value)) : value;
    }

    /// <summary>What is wrong with a name, in lower case; null when nothing is.</summary>
    public static string? ProblemOfName(string lowerCaseName)
    {
        ReadOnlySpan<char> token = lowerCaseName.StartsWith(':') ? lowerCaseName.AsSpan(1) : lowerCaseName;
        return token.Length > 0 && token.IndexOfAnyExcept(NameCharacters) < 0
            ? null
            : $"\"{lowerCaseName}\" is not a header name; use letters, digits and !#$%&'*+-.^_`|~";
    }

    /// <summary>What is wrong with a value; null when nothing is.</summary>
    public static string? ProblemOfValue(string name, string value) => value.AsSpan().IndexOfAny(ForbiddenInValues) < 0
        ? null
        : $"the value of \"{name}\" has a line end or a NUL, which no header value may have";
}
