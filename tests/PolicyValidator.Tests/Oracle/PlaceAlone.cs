using PolicyValidator.Inputs;
using PolicyValidator.Readers;

namespace PolicyValidator.Tests.Oracle;

/// <summary>Whether a text says by itself what it is for.</summary>
internal static class PlaceAlone
{
    public static bool IsKnown(OracleCase each) =>
        DocumentReader.Read(new SourceText($"case.{each.Format}", each.Config)) switch
        {
            // What does not parse is refused wherever it stands.
            [{ Problems.Count: > 0 }, ..] => true,
            [{ Root: { } root }, ..] => InputReaders.All.Any(reader => reader.Reads(root)) && Fits(each.Place, root, each.Config),
            _ => false,
        };

    private static bool Fits(string place, Node root, string config) => place switch
    {
        "filter" or "upstream" => config.Contains("ext_proc.v3.ExternalProcessor", StringComparison.Ordinal) && !config.Contains("TypedStruct", StringComparison.Ordinal),
        "route" or "vhost" => root is MappingNode mapping && (IsOf(mapping, "ExtProcPerRoute") || IsOf(mapping, "FilterConfig")),
        // A list without the codec could as well be one of the connection manager.
        "upstream_http_filters" => config.Contains("UpstreamCodec", StringComparison.Ordinal),
        _ => true,
    };

    private static bool IsOf(MappingNode mapping, string type) =>
        mapping["@type"] is ScalarNode { Value: var url } && url.EndsWith(type, StringComparison.Ordinal);
}
