using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>Where a field stands, or would stand if it were set.</summary>
/// <param name="Span">The value's text; for an absent field the key of the message that would hold it.</param>
/// <param name="Node">The value; null when the field is absent.</param>
/// <param name="Container">The innermost mapping that is there on the way to the field: the one to insert into.</param>
/// <param name="Missing">The names still to be written below <paramref name="Container"/>, in snake case; empty when the field is there.</param>
public sealed record Place(SourceSpan Span, Node? Node, MappingNode? Container, IReadOnlyList<string> Missing)
{
    /// <summary>The path of the value, or the one it would have. Written out only when it is asked for: most values are right.</summary>
    public string Pointer => Node?.Pointer ?? $"{Around?.Pointer}/{string.Join('/', Missing)}";

    /// <summary>The value that stands where the message around an absent field should.</summary>
    internal Node? Around { get; init; } = Container;
}

/// <summary>A value with its place; for an absent field the value that Envoy takes instead.</summary>
/// <param name="Value">The effective value.</param>
/// <param name="IsSet">Whether the document says it (<c>null</c> is not saying it).</param>
/// <param name="Place">Where it stands or would stand.</param>
public sealed record Located<T>(T Value, bool IsSet, Place Place);
