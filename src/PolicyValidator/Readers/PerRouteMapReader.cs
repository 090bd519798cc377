using PolicyValidator.Decoding;
using PolicyValidator.Inputs;

namespace PolicyValidator.Readers;

/// <summary>The value of a <c>typed_per_filter_config</c>: filter names to messages with their types.</summary>
internal sealed class PerRouteMapReader : IInputReader
{
    public string Kind => "typed_per_filter_config map";

    public bool Reads(Node root) =>
        root is MappingNode { Entries.Count: > 0 } map && (IsMapOfMessages(map) || map.Entries.All(entry => TypeUrls.SpeaksOfExtProc(entry.Key.Value)));

    public void Read(SourceDocument document, PolicyBuilder builder) =>
        new ConfigWalker(document, builder, isDynamic: false).OverridesAlone(document.Root!);

    private static bool IsMapOfMessages(MappingNode map) => map.Entries.All(entry => entry.Value is MappingNode value && value["@type"] is not null);
}
