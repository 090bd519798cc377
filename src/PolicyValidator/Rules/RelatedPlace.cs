using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A place that a finding is about beside its own: the other half of what does not go together.</summary>
/// <param name="Source">The text it is in.</param>
/// <param name="Span">The stretch of text.</param>
/// <param name="Pointer">The path inside the document, a JSON pointer.</param>
/// <param name="Message">What stands there: lower case, no full stop.</param>
public sealed record RelatedPlace(SourceText Source, SourceSpan Span, string Pointer, string Message)
{
    /// <summary>The path inside the document; a very long one without its middle.</summary>
    public string Pointer { get; init; } = LongText.Cut(Pointer);

    /// <summary>What is there; a very long one without its middle.</summary>
    public string Message { get; init; } = LongText.Cut(Message);

    /// <summary>The place of a field, or where it would stand.</summary>
    public static RelatedPlace At(SourceDocument document, Place place, string message) => new(document.Source, place.Span, place.Pointer, message);

    /// <summary>The place of a value.</summary>
    public static RelatedPlace At(SourceDocument document, Node node, string message) => new(document.Source, node.UseSpan, node.Pointer, message);
}
