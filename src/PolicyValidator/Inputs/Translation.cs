using System.Text.RegularExpressions;

namespace PolicyValidator.Inputs;

/// <summary>How a document came to be that the user did not write.</summary>
/// <param name="Product">Who makes it: <c>Envoy Gateway 1.9.1</c>.</param>
/// <param name="Help">By rule id, what to write in the user's own words; null where nothing that the user can write helps.</param>
public sealed partial record Translation(string Product, IReadOnlyDictionary<string, string?> Help)
{
    /// <summary>What it was made from, where that stands in several documents: each place, and what stands there.</summary>
    public IReadOnlyList<(SourceDocument Document, Node Node, string Words)> Parts { get; init; } = [];

    /// <summary>Envoy's names for what the product has under other names.</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the values in it are the user's own, so that what is found and what mends it fits their text.</summary>
    public bool IsUsersOwn { get; init; }

    /// <summary>The fields, by Envoy's names, that the user left out and the product sets.</summary>
    public IReadOnlySet<string> Defaults { get; init; } = new HashSet<string>();

    /// <summary>A text about Envoy's configuration in the product's names.</summary>
    public string InItsNames(string text) => Names.Count == 0 ? text : Word().Replace(text, word => Names.GetValueOrDefault(word.Value, word.Value));

    [GeneratedRegex(@"\w+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
