using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>Per-route configuration of another type under the name of an ext_proc filter.</summary>
/// <param name="Document">The document it is in.</param>
/// <param name="Value">The value in <c>typed_per_filter_config</c>.</param>
/// <param name="TypeName">The full name of its type.</param>
internal sealed record ForeignOverride(SourceDocument Document, Node Value, string TypeName)
{
    /// <summary>All that stand in inline route configurations.</summary>
    public static IEnumerable<ForeignOverride> All(PolicySet policies) =>
        (from manager in policies.Filters.Where(filter => filter.ConnectionManager is not null).DistinctBy(filter => filter.ConnectionManager)
         let names = FilterNames.OfExtProcOnly(policies, manager.ConnectionManager!).ToHashSet(StringComparer.Ordinal)
         from level in RouteTable.Of(manager.ConnectionManager).SelectMany(path => path.Levels).Distinct()
         from entry in (level.Field("typed_per_filter_config") as MappingNode)?.Entries ?? []
         where names.Contains(entry.Key.Value)
         let type = TypeOf(entry.Value)
         where type is { Length: > 0 } && !type.EndsWith(".ExtProcPerRoute", StringComparison.Ordinal)
         select new ForeignOverride(manager.Document, entry.Value, type)).Distinct();

    /// <summary>The type of an <c>Any</c>, out of a TypedStruct and the generic FilterConfig; empty when it says none.</summary>
    private static string TypeOf(Node? any)
    {
        if (any is not MappingNode mapping)
        {
            return "";
        }

        string type = NameIn(mapping["@type"].Text);
        return type switch
        {
            "envoy.config.route.v3.FilterConfig" => TypeOf(mapping.Field("config")),
            _ when type.EndsWith(".TypedStruct", StringComparison.Ordinal) => NameIn(mapping.Field("type_url").Text),
            _ => type,
        };
    }

    private static string NameIn(string? typeUrl) => typeUrl is null ? "" : typeUrl[(typeUrl.LastIndexOf('/') + 1)..];
}
