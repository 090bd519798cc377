using System.Text.RegularExpressions;

namespace PolicyValidator.Kubernetes;

/// <summary>What a resource's schema asks of a value, as the API server checks it.</summary>
internal sealed record CrdSchema
{
    /// <summary>The path below the resource: <c>.spec.extProc[].failOpen</c>.</summary>
    public required string Path { get; init; }

    /// <summary><c>object</c>, <c>array</c>, <c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>, <c>int-or-string</c>; null for anything.</summary>
    public string? Type { get; init; }

    /// <summary>The format of a string; null for none.</summary>
    public string? Format { get; init; }

    /// <summary>The values allowed, as text; empty for all.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>Values that may be allowed beside those: the sources say both.</summary>
    public IReadOnlyList<string> UnsureValues { get; init; } = [];

    /// <summary>Patterns of which the sources do not agree whether a string has to match them.</summary>
    public IReadOnlyList<Regex> UnsurePatterns { get; init; } = [];

    /// <summary>Whether this is concluded from something else than a definition, so that nothing against it is sure to be refused.</summary>
    public bool IsInferred { get; init; }

    /// <summary>Patterns that a string has to match, all of them.</summary>
    public IReadOnlyList<Regex> Patterns { get; init; } = [];

    /// <summary>Bounds by name: <c>minimum</c>, <c>maxLength</c>, <c>maxItems</c> and so on.</summary>
    public IReadOnlyDictionary<string, double> Bounds { get; init; } = new Dictionary<string, double>();

    /// <summary>Whether the maximum itself is too much.</summary>
    public bool IsMaximumExclusive { get; init; }

    /// <summary>The fields that an object needs.</summary>
    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>Whether null is a value of its own.</summary>
    public bool IsNullable { get; init; }

    /// <summary>Whether an object may have fields that the schema does not name.</summary>
    public bool IsOpen { get; init; }

    /// <summary><c>set</c>: no two equal items; <c>map</c>: no two items with equal <see cref="ListKeys"/>.</summary>
    public string? ListType { get; init; }

    /// <summary>The keys of a map list.</summary>
    public IReadOnlyList<string> ListKeys { get; init; } = [];

    /// <summary>What an absent field gets, as JSON; null for nothing.</summary>
    public string? Default { get; init; }

    /// <summary>Whether an absent field gets a value.</summary>
    public bool HasDefault => Default is not null;

    /// <summary>The named fields of an object.</summary>
    public Dictionary<string, CrdSchema> Fields { get; } = [];

    /// <summary>The items of an array.</summary>
    public CrdSchema? Items { get; set; }

    /// <summary>The values of an object whose keys are free.</summary>
    public CrdSchema? FreeValues { get; set; }
}
