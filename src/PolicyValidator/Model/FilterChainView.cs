using PolicyValidator.Decoding;
using PolicyValidator.Rules;

namespace PolicyValidator.Model;

/// <summary>A list of filters as Envoy builds it: optional filters that it does not have are left out.</summary>
internal sealed record FilterChainView(IReadOnlyList<FilterEntry> Entries, bool HasExtProc)
{
    /// <summary>Filters that are terminal or not by what is configured inside them; what they are is not judged.</summary>
    private static readonly string[] Undecided =
    [
        "envoy.extensions.filters.http.dynamic_modules.",
        "envoy.extensions.filters.http.filter_chain.",
        "envoy.extensions.filters.http.golang.",
        "envoy.extensions.filters.http.mcp_router.",
        "envoy.extensions.filters.http.file_server.",
    ];

    public static FilterChainView Of(FilterList list, PolicySet policies, Target target)
    {
        FilterEntry[] built = [.. list.Entries.Where(entry => !IsLeftOut(entry, target))];
        return new(built, policies.HasExtProcInside(list.Node) || list.Entries.Any(entry => TypeUrls.SpeaksOfExtProc(entry.Name)));
    }

    /// <summary>Whether the entry ends a chain of this place.</summary>
    public static bool IsTerminal(FilterEntry entry, FilterPlace place) =>
        entry.TypeName == (place == FilterPlace.UpstreamHttpFilters ? TypeUrls.UpstreamCodec : TypeUrls.Router);

    /// <summary>Whether the entry is a filter of Envoy's own that ends no chain anywhere.</summary>
    public static bool IsSurelyNotTerminal(FilterEntry entry) =>
        entry.TypeName is not (TypeUrls.Router or TypeUrls.UpstreamCodec)
        && (entry.TypeName == TypeUrls.MatchingFilter || entry.TypeName.StartsWith("envoy.extensions.filters.http.", StringComparison.Ordinal))
        && !Undecided.Any(undecided => entry.TypeName.StartsWith(undecided, StringComparison.Ordinal));

    private static bool IsLeftOut(FilterEntry entry, Target target) =>
        entry.Config.Bool("is_optional").Value && !entry.Config.Has("config_discovery") && !EnvoyExtensions.IsHttpFilter(entry.TypeName, target.Version);
}
