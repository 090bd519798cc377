using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>The names under which a connection manager's filters look up per-route configuration.</summary>
internal static class FilterNames
{
    private const string ExtProc = "envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor";

    /// <summary>The names of its ext_proc filters, and of filters that may hold one: matching, composite or discovered.</summary>
    public static IReadOnlyList<string> ThatTakeOverrides(PolicySet policies, MappingNode manager) =>
        [.. Entries(policies, manager).Where(MayBeExtProc).Select(entry => entry.Name).Distinct()];

    /// <summary>The names that only ext_proc filters have.</summary>
    public static IReadOnlyList<string> OfExtProcOnly(PolicySet policies, MappingNode manager) =>
        [.. Entries(policies, manager).GroupBy(entry => entry.Name).Where(same => same.All(entry => entry.TypeName == ExtProc)).Select(same => same.Key)];

    private static IEnumerable<FilterEntry> Entries(PolicySet policies, MappingNode manager) =>
        policies.ListsOf(manager).SelectMany(list => list.Entries);

    private static bool MayBeExtProc(FilterEntry entry) =>
        entry.TypeName == ExtProc
        || entry.TypeName.EndsWith(".ExtensionWithMatcher", StringComparison.Ordinal)
        || entry.TypeName.EndsWith(".Composite", StringComparison.Ordinal)
        || entry.TypeName.EndsWith(".FilterChainConfig", StringComparison.Ordinal)
        || entry.Config.Has("config_discovery");
}
