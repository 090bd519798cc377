using PolicyValidator.Fixes;
using PolicyValidator.Inputs;

namespace PolicyValidator.Rules;

/// <summary>How bad it is.</summary>
public enum Severity
{
    /// <summary>Worth knowing; depends on the server or the traffic.</summary>
    Hint,

    /// <summary>Accepted by Envoy, but hangs, truncates, bypasses or does nothing.</summary>
    Warning,

    /// <summary>Refused by the target Envoy.</summary>
    Error,
}

/// <summary>Whether a rule's findings come with a fix.</summary>
public enum FixSafety
{
    /// <summary>The author has to decide.</summary>
    None,

    /// <summary>The fix keeps the meaning, or fills in the only thing that Envoy accepts.</summary>
    Safe,

    /// <summary>The fix is a choice; it is made only on request.</summary>
    Unsafe,
}

/// <summary>One thing that is wrong at one place.</summary>
/// <param name="Rule">The rule that found it: id, name, why and sources.</param>
/// <param name="Severity">The rule's own, unless the place changes it (dynamic configuration).</param>
/// <param name="Source">The text it is in.</param>
/// <param name="Span">The stretch of text to point at.</param>
/// <param name="Pointer">The path inside the document, a JSON pointer.</param>
/// <param name="Message">What was found: lower case, no full stop.</param>
/// <param name="Help">What to write instead: lower case, no full stop.</param>
public sealed record Finding(
    Rule Rule, Severity Severity, SourceText Source, SourceSpan Span, string Pointer, string Message, string Help)
{
    /// <summary>The path inside the document; a very long one without its middle.</summary>
    public string Pointer { get; init; } = LongText.Cut(Pointer);

    /// <summary>What was found; a very long one without its middle.</summary>
    public string Message { get; init; } = LongText.Cut(Message);

    /// <summary>What to write instead; a very long one without its middle.</summary>
    public string Help { get; init; } = LongText.Cut(Help);

    /// <summary>Why it matters, in this case; the rule's own reason unless it is said more closely.</summary>
    public string Why { get; init; } = Rule.Why;

    /// <summary>The Envoy versions concerned.</summary>
    public VersionSet Versions { get; init; } = Rule.Versions;

    /// <summary>Whether it is about a name that is not known, which a newer release may have.</summary>
    public bool IsAboutNames { get; init; } = Rule.IsAboutNames;

    /// <summary>The document that it is about; null when it is not known.</summary>
    public SourceDocument? Document { get; init; }

    /// <summary>The other places that it is about, in other documents or the same.</summary>
    public IReadOnlyList<RelatedPlace> Related { get; init; } = [];

    /// <summary>A change that removes the finding; null when the author has to decide.</summary>
    public Fix? Fix { get; init; }
}
