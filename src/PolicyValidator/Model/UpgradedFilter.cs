using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>A filter that upgraded streams (WebSocket, CONNECT) pass.</summary>
/// <param name="Mode">The processing mode that counts for them.</param>
/// <param name="Upgrades">The upgrades in words: <c>websocket, connect</c>.</param>
internal sealed record UpgradedFilter(WrittenMode Mode, string Upgrades)
{
    /// <summary>All of them: by route where routes stand in the document, else by connection manager.</summary>
    public static IEnumerable<UpgradedFilter> All(PolicySet policies) =>
    [
        .. from routed in RoutedFilter.All(policies)
           where routed.Path is not null
           let types = Types(routed.Filter, routed.Path!.Action)
           where types.Length > 0
           select new UpgradedFilter(routed.Mode, string.Join(", ", types)),
        .. from filter in policies.Filters
           where filter.ConnectionManager is not null && !RouteTable.Of(filter.ConnectionManager).Any()
           let types = Types(filter, null)
           where types.Length > 0
           select new UpgradedFilter(WrittenMode.Of(filter), string.Join(", ", types)),
    ];

    /// <summary>The upgrade types that reach a filter. A route's own switch wins over the connection manager's.</summary>
    private static string[] Types(ExtProcFilter filter, MappingNode? action)
    {
        Dictionary<string, bool> byRoute = Switches(action?.Field("upgrade_configs").Mappings ?? []);
        MappingNode[] general = [.. filter.ConnectionManager?.Field("upgrade_configs").Mappings ?? []];
        Dictionary<string, bool> own = Switches(general.Where(upgrade => upgrade.Field("filters") is SequenceNode { Items.Count: > 0 }));
        Dictionary<string, bool> allowed = filter.Place switch
        {
            FilterPlace.UpgradeFilters => own.Where(type => type.Key == TypeOf(filter.List?.Node.Parent as MappingNode)).ToDictionary(),
            FilterPlace.UpstreamHttpFilters => [],
            _ => Switches(general).Concat(byRoute).Select(type => type.Key).Distinct().Except(own.Keys).ToDictionary(type => type, type => Switches(general).GetValueOrDefault(type)),
        };
        return [.. allowed.Where(type => byRoute.GetValueOrDefault(type.Key, type.Value)).Select(type => type.Key).Order(StringComparer.Ordinal)];
    }

    private static Dictionary<string, bool> Switches(IEnumerable<MappingNode> upgrades)
    {
        Dictionary<string, bool> switches = [];
        foreach (MappingNode upgrade in upgrades)
        {
            switches[TypeOf(upgrade)] = upgrade.Field("enabled") is not { IsSet: true } enabled || enabled.IsTrue;
        }

        return switches;
    }

    private static string TypeOf(MappingNode? upgrade) => upgrade?.Field("upgrade_type").Text?.ToLowerInvariant() ?? "";
}
