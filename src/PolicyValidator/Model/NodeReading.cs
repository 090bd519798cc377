using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>Reading what stands around a filter: parts of Envoy's configuration that are not decoded, only looked at.</summary>
internal static class NodeReading
{
    extension(Node? node)
    {
        /// <summary>A scalar's text; null for anything else.</summary>
        public string? Text => (node as ScalarNode)?.Value;

        /// <summary>Whether it is a bool that is true, in the spellings that Envoy takes.</summary>
        public bool IsTrue =>
            node is MappingNode wrapper ? wrapper.Field("value").IsTrue : node.Text?.ToLowerInvariant() is "true" or "t" or "yes" or "y" or "1";

        /// <summary>Whether it says something: neither absent nor null.</summary>
        public bool IsSet => node is not null and not ScalarNode { IsQuoted: false, Value: "" or "~" or "null" or "Null" or "NULL" };

        /// <summary>The mappings of a list; Envoy takes a lone one for a list of one.</summary>
        public IEnumerable<MappingNode> Mappings => node switch
        {
            SequenceNode list => list.Items.OfType<MappingNode>(),
            MappingNode alone => [alone],
            _ => [],
        };
    }
}
