using PolicyValidator.Decoding;
using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>
/// Tells a piece of Envoy's configuration inside something else by its shape. Stricter than at a file's root, where a misspelt field must
/// not hide the rest: here all keys are the message's own, since anybody's object may have a field called <c>match</c>.
/// </summary>
internal static class EnvoyShape
{
    /// <summary>Whether a value is a message with its type, a whole message without, a list of HTTP filters, or a map of per-route configs.</summary>
    public static bool IsKnown(Node node) => node switch
    {
        MappingNode mapping when mapping["@type"] is ScalarNode type => IsRead(NameIn(type.Value)),
        MappingNode mapping when IsPerRouteMap(mapping) => true,
        MappingNode mapping => EnvoyMessageReader.IsWhole(mapping) && HasWhatItNeeds(mapping),
        SequenceNode list => list.Items.Count > 0 && list.Items.All(item => item is MappingNode entry && IsHttpFilter(entry)),
        _ => false,
    };

    /// <summary>Whether a value is a whole bootstrap, which lacks nothing that may stand elsewhere.</summary>
    public static bool IsBootstrap(Node node) => node is MappingNode mapping && mapping.Field("static_resources") is not null;

    /// <summary>
    /// An entry without a filter is another list's, one without a name somebody's own field of Envoy's name, a list of filters without a
    /// manager's prefix nobody's manager.
    /// </summary>
    private static bool HasWhatItNeeds(MappingNode mapping) =>
        (mapping.Field("typed_config") is null || (mapping.Field("name") is not null && IsHttpFilter(mapping))) && (mapping.Field("http_filters") is null || mapping.Field("stat_prefix") is not null);

    private static bool IsRead(string typeName) => TypeUrls.SpeaksOfExtProc(typeName) || EnvoyTypes.Find(typeName) is not null;

    private static bool IsPerRouteMap(MappingNode mapping) =>
        mapping.Entry is { } entry && FieldNames.Same(entry.Key.Value, "typed_per_filter_config") && new PerRouteMapReader().Reads(mapping);

    /// <summary>Entries of other lists, such as network filters, have the same two fields.</summary>
    private static bool IsHttpFilter(MappingNode entry)
    {
        string typeName = entry.Field("typed_config") is MappingNode config ? NameIn(config["@type"].Text ?? "") : "";
        if (TypeUrls.IsTypedStruct(typeName))
        {
            typeName = NameIn((entry.Field("typed_config") as MappingNode)?.Field("type_url").Text ?? "");
        }

        return EnvoyMessageReader.IsWhole(entry)
            && (entry.Field("config_discovery") is not null || TypeUrls.SpeaksOfExtProc(typeName) || typeName == TypeUrls.MatchingFilter
                || typeName.StartsWith("envoy.extensions.filters.http.", StringComparison.Ordinal));
    }

    private static string NameIn(string url) => url[(url.LastIndexOf('/') + 1)..];
}
