using PolicyValidator.Inputs;

namespace PolicyValidator.Kubernetes;

/// <summary>
/// Messages that are merged into one as protobuf does it: fields of messages one by one, lists one behind the other, of everything else the
/// last. Values that stand in another text than the last are placed where the last stands.
/// </summary>
internal static class MergedNodes
{
    /// <summary>Merges layers.</summary>
    /// <param name="layers">The lowest first, each with whether it stands in the text of the last.</param>
    /// <param name="at">Where the values of other texts are placed.</param>
    public static MappingNode Of(IReadOnlyList<(MappingNode Node, bool IsHere)> layers, Node at)
    {
        Node place = layers.LastOrDefault(layer => layer.IsHere).Node ?? at;
        List<MappingEntry> entries = [];
        foreach (var field in layers.SelectMany(layer => layer.Node.Entries.Select(entry => (Entry: entry, layer.IsHere))).GroupBy(field => Snake(field.Entry.Key.Value)))
        {
            (MappingEntry last, bool isHere) = field.Last();
            ScalarNode key = new(isHere ? last.Key.UseSpan : place.UseSpan, field.Key, ScalarStyle.Plain) { Origin = isHere ? last.Key : place };
            entries.Add(new(key, Merged([.. field.Select(each => (each.Entry.Value, each.IsHere))], place)));
        }

        return NodeTree.Adopt(new MappingNode(place.UseSpan, entries, isFlow: false) { Origin = place });
    }

    private static Node Merged(IReadOnlyList<(Node Node, bool IsHere)> values, Node at) => values[^1].Node switch
    {
        MappingNode => Of([.. values.Where(value => value.Node is MappingNode).Select(value => ((MappingNode)value.Node, value.IsHere))], at),
        SequenceNode last => NodeTree.Adopt(new SequenceNode(
            (values[^1].IsHere ? last : at).UseSpan,
            [.. values.Where(value => value.Node is SequenceNode).SelectMany(value => ((SequenceNode)value.Node).Items.Select(item => Merged([(item, value.IsHere)], at)))],
            isFlow: false) { Origin = values[^1].IsHere ? last : at }),
        ScalarNode scalar => new ScalarNode((values[^1].IsHere ? scalar : at).UseSpan, scalar.Value, scalar.Style) { Origin = values[^1].IsHere ? scalar : at, Tag = scalar.Tag },
        var other => throw new ArgumentException($"{other.GetType()} is no kind of node", nameof(values)),
    };

    private static string Snake(string key) =>
        string.Concat(key.Select((letter, at) => char.IsAsciiLetterUpper(letter) && at > 0 ? $"_{char.ToLowerInvariant(letter)}" : $"{letter}"));
}
