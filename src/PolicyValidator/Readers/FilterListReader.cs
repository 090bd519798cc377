using PolicyValidator.Inputs;

namespace PolicyValidator.Readers;

/// <summary>A list of entries of <c>http_filters</c> or <c>upstream_http_filters</c>.</summary>
internal sealed class FilterListReader : IInputReader
{
    public string Kind => "http_filters list";

    public bool Reads(Node root) => root is SequenceNode list && list.Items.OfType<MappingNode>().Any(IsEntry);

    public void Read(SourceDocument document, PolicyBuilder builder) =>
        new ConfigWalker(document, builder, isDynamic: false).FiltersAlone(document.Root!);

    private static bool IsEntry(MappingNode entry) => entry.Field("typed_config") is not null || entry.Field("config_discovery") is not null;
}
