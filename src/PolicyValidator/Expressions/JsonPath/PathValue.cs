namespace PolicyValidator.Expressions.JsonPath;

/// <summary>A value of a document of which not everything need be known.</summary>
internal abstract record PathValue
{
    /// <summary>A mapping.</summary>
    /// <param name="Fields">What is known of it.</param>
    /// <param name="IsOpen">Whether it can have other fields.</param>
    public sealed record Mapping(IReadOnlyDictionary<string, PathValue> Fields, bool IsOpen) : PathValue;

    /// <summary>A list.</summary>
    /// <param name="Items">What is known of it.</param>
    /// <param name="IsOpen">Whether other items can stand before, between and behind these, so that their places are not known.</param>
    public sealed record List(IReadOnlyList<PathValue> Items, bool IsOpen) : PathValue;

    /// <summary>A string, number (<see cref="double"/>), bool or null.</summary>
    public sealed record Scalar(object? Value) : PathValue;

    /// <summary>Anything, or nothing at all.</summary>
    public sealed record Unknown : PathValue;
}

/// <summary>A value that a path finds.</summary>
/// <param name="Way">The names and places on the way to it.</param>
/// <param name="Value">The value.</param>
/// <param name="IsSure">Whether the path finds it whatever the rest of the document is.</param>
internal sealed record PathMatch(IReadOnlyList<string> Way, PathValue Value, bool IsSure);
