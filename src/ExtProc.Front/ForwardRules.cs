namespace ExtProc.Front;

/// <summary>Which headers and trailers the server is shown, pseudo headers included. Source: <c>HeaderForwardingRules</c>.</summary>
public sealed class ForwardRules
{
    /// <summary>Only these; empty: all (<c>allowed_headers</c>).</summary>
    public IList<StringMatcher> AllowedHeaders { get; } = [];

    /// <summary>None of these, whatever is allowed (<c>disallowed_headers</c>).</summary>
    public IList<StringMatcher> DisallowedHeaders { get; } = [];

    internal bool Allow(string name) =>
        (AllowedHeaders.Count == 0 || AllowedHeaders.Any(matcher => matcher.Matches(name))) && !DisallowedHeaders.Any(matcher => matcher.Matches(name));
}

/// <summary>Matches a text; exactly one of the first four is set. Source: <c>envoy.type.matcher.v3.StringMatcher</c> without regular expressions.</summary>
public sealed record StringMatcher
{
    /// <summary>The whole text.</summary>
    public string? Exact { get; init; }

    /// <summary>How it begins.</summary>
    public string? Prefix { get; init; }

    /// <summary>How it ends.</summary>
    public string? Suffix { get; init; }

    /// <summary>What is in it.</summary>
    public string? Contains { get; init; }

    /// <summary>Whether upper and lower case are the same.</summary>
    public bool IgnoreCase { get; init; }

    internal int Patterns => new[] { Exact, Prefix, Suffix, Contains }.Count(pattern => !string.IsNullOrEmpty(pattern));

    internal bool Matches(string text)
    {
        StringComparison comparison = IgnoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return (Exact is not null && text.Equals(Exact, comparison)) || (Prefix is not null && text.StartsWith(Prefix, comparison))
            || (Suffix is not null && text.EndsWith(Suffix, comparison)) || (Contains is not null && text.Contains(Contains, comparison));
    }
}
