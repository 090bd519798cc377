using PolicyValidator.Decoding;
using PolicyValidator.Inputs;

namespace PolicyValidator.Readers;

/// <summary>The value of a <c>typed_per_filter_config</c>: filter names to messages with their types.</summary>
internal sealed class PerRouteMapReader : IInputReader
{
    public string Kind => "typed_per_filter_config map";

    public bool Reads(Node root) =>
        root is MappingNode { Entries.Count: > 0 } map && (IsMapOfMessages(map) || map.Entries.All(IsNamedForIt));

    public void Read(SourceDocument document, PolicyBuilder builder) =>
        new ConfigWalker(document, builder, isDynamic: false).OverridesAlone(document.Root!);

    /// <summary>Filters under names of somebody's own are no map for routes.</summary>
    private static bool IsMapOfMessages(MappingNode map) =>
        map.Entries.All(entry => entry.Value is MappingNode value && value["@type"] is not null)
        && map.Entries.Any(entry => IsNamedForIt(entry) || !IsFilter((MappingNode)entry.Value));

    private static bool IsFilter(MappingNode message) => (message["@type"] as ScalarNode)?.Value.EndsWith(TypeUrls.Filter, StringComparison.Ordinal) == true;

    /// <summary>A filter's full name tells it; a short one only beside a type, for anybody may have a section called <c>ext_proc</c>.</summary>
    private static bool IsNamedForIt(MappingEntry entry) => TypeUrls.SpeaksOfExtProc(entry.Key.Value)
        && (entry.Key.Value.StartsWith("envoy.", StringComparison.Ordinal) || ExtProcTrail.NamesType(entry.Value));
}
