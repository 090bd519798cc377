using PolicyValidator.Inputs;

namespace PolicyValidator.Kubernetes;

/// <summary>Values that a product would write, each placed where the user wrote what it comes from.</summary>
internal static class GeneratedNodes
{
    /// <summary>A mapping; fields without a value are left out.</summary>
    public static MappingNode Mapping(Node origin, params IEnumerable<(string Name, Node? Value)> fields)
    {
        MappingEntry[] entries =
        [
            .. from field in fields
               where field.Value is not null
               let at = field.Value.Origin ?? origin
               select new MappingEntry(new ScalarNode(at.Entry?.Key.UseSpan ?? at.UseSpan, field.Name, ScalarStyle.DoubleQuoted) { Origin = at }, field.Value),
        ];
        return NodeTree.Adopt(new MappingNode(origin.UseSpan, entries, isFlow: false) { Origin = origin });
    }

    /// <summary>A list.</summary>
    public static SequenceNode List(Node origin, IEnumerable<Node> items) =>
        NodeTree.Adopt(new SequenceNode(origin.UseSpan, [.. items], isFlow: false) { Origin = origin });

    /// <summary>A string.</summary>
    public static ScalarNode Text(Node origin, string value) => new(origin.UseSpan, value, ScalarStyle.DoubleQuoted) { Origin = origin };

    /// <summary>A number.</summary>
    public static ScalarNode Number(Node origin, string value) => new(origin.UseSpan, value, ScalarStyle.JsonNumber) { Origin = origin };

    /// <summary>True or false.</summary>
    public static ScalarNode Bool(Node origin, bool value) => new(origin.UseSpan, value ? "true" : "false", ScalarStyle.JsonLiteral) { Origin = origin };
}
