using PolicyValidator.Inputs;

namespace PolicyValidator.Decoding;

/// <summary>How deep free-form JSON is as protobuf messages: on the wire a mapping costs three levels and a list two.</summary>
internal static class StructDepth
{
    /// <summary>protobuf reads 100 messages inside each other; the Struct's own parent is none of them.</summary>
    public const int Max = 100;

    /// <summary>Levels of the Struct that this mapping is.</summary>
    public static int Of(MappingNode mapping) => 1 + mapping.Entries.Select(entry => 1 + OfValue(entry.Value)).DefaultIfEmpty().Max();

    private static int OfValue(Node node) => 1 + node switch
    {
        MappingNode mapping => Of(mapping),
        SequenceNode sequence => 1 + sequence.Items.Select(OfValue).DefaultIfEmpty().Max(),
        _ => 0,
    };
}
