using PolicyValidator.Decoding;
using PolicyValidator.Inputs;
using PolicyValidator.Inputs.LibYaml;
using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>A value of a Kubernetes object as the API server gets it: JSON, with the places in the user's text.</summary>
/// <param name="Node">The value in the text.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text of a string or number.</param>
internal sealed record KubernetesValue(Node Node, JsonKind Kind, string Text)
{
    /// <summary>The members of an object; of a repeated key the last.</summary>
    public KubernetesFields Fields { get; init; } = KubernetesFields.None;

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<KubernetesValue> Items { get; init; } = [];

    /// <summary>A member; null when it is absent or null, which is the same for all fields that are not said to be nullable.</summary>
    public KubernetesValue? this[string name] =>
        Fields.Find(name)?.Value is { Kind: not JsonKind.Null } value ? value : null;

    /// <summary>A member's text, whatever its kind; null when absent.</summary>
    public string? TextOf(string name) => this[name]?.Text;

    /// <summary>Whether a member is the boolean true.</summary>
    public bool IsTrue(string name) => this[name]?.Kind == JsonKind.True;

    /// <summary>The members' items, none when absent.</summary>
    public IReadOnlyList<KubernetesValue> ItemsOf(string name) => this[name]?.Items ?? [];

    /// <summary>How messages quote it.</summary>
    public string Described => Kind switch
    {
        JsonKind.Null => "null",
        JsonKind.True => "the boolean true",
        JsonKind.False => "the boolean false",
        JsonKind.Array => "a list",
        JsonKind.Object => "a mapping",
        JsonKind.Number => $"the number {Decoding.Described.Short(Text)}",
        _ => $"'{Decoding.Described.Short(Text)}'",
    };
}

/// <summary>A member of an object.</summary>
internal sealed record KubernetesField(ScalarNode Key, KubernetesValue Value)
{
    /// <summary>Its name.</summary>
    public string Name { get; } = KubernetesScalar.Key(Key);
}

/// <summary>Nodes to values.</summary>
internal static class KubernetesReader
{
    /// <summary>Reads a value; keys that are repeated, which strict clients refuse, become problems.</summary>
    public static KubernetesValue Read(SourceDocument document, Node node, List<ConfigProblem> problems) => node switch
    {
        MappingNode mapping => new(node, JsonKind.Object, "") { Fields = new(Fields(document, mapping, problems)) },
        SequenceNode sequence => new(node, JsonKind.Array, "") { Items = [.. sequence.Items.Select(item => Read(document, item, problems))] },
        ScalarNode scalar when KubernetesScalar.Of(scalar) is var (kind, text) => new(node, kind, text),
        _ => throw new ArgumentException($"{node.GetType()} is no kind of node", nameof(node)),
    };

    private static IEnumerable<KubernetesField> Fields(SourceDocument document, MappingNode mapping, List<ConfigProblem> problems)
    {
        HashSet<string> written = new(StringComparer.Ordinal);
        foreach (MappingEntry entry in mapping.Entries)
        {
            if (IsMerge(document, entry))
            {
                foreach (KubernetesField merged in Merged(document, entry.Value, problems))
                {
                    yield return merged;
                }

                continue;
            }

            KubernetesField field = new(entry.Key, Read(document, entry.Value, problems));
            if (!written.Add(field.Name))
            {
                problems.Add(new(ProblemKind.KubernetesField, document, entry.Key.UseSpan, entry.Value.Pointer, $"the key '{field.Name}' stands twice in a mapping", "keep one of them"));
            }

            yield return field;
        }
    }

    /// <summary>What a merge key names counts as written where it stands: what comes later wins, and of several mappings the first.</summary>
    private static IEnumerable<KubernetesField> Merged(SourceDocument document, Node merged, List<ConfigProblem> problems) =>
        merged.Mappings.Reverse().SelectMany(each => Fields(document, each, problems));

    private static bool IsMerge(SourceDocument document, MappingEntry entry) => document.Format == SourceFormat.Yaml && GoScalar.IsMerge(entry.Key);
}
