using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>
/// An ext_proc filter and the nearest filter of some kind above or below it in the same list: requests meet the upper one first, responses
/// the lower one.
/// </summary>
/// <param name="Filter">The ext_proc filter.</param>
/// <param name="Other">The other entry.</param>
/// <param name="IsAbove">Whether the other one stands above.</param>
internal sealed record ChainNeighbour(ExtProcFilter Filter, FilterEntry Other, bool IsAbove)
{
    /// <summary>All of a run, for others of these types (the last part of the package, without the version) that are switched on.</summary>
    public static IEnumerable<ChainNeighbour> All(PolicySet policies, params IReadOnlyList<string> types)
    {
        string[] prefixes = [.. types.Select(type => $"envoy.extensions.filters.http.{type}.")];
        var filters = policies.Filters.Where(filter => filter is { Entry: not null, List: not null, Place: FilterPlace.HttpFilters or FilterPlace.UpgradeFilters });
        return filters.GroupBy(filter => filter.List!.Node).SelectMany(list => In(list.First().List!, [.. list], prefixes));
    }

    /// <summary>Whether the processor works on the body of a direction.</summary>
    public bool SeesBody(Direction direction) => !WrittenMode.Of(Filter).HasBody(direction, "NONE", "GRPC");

    private static IEnumerable<ChainNeighbour> In(FilterList list, ExtProcFilter[] filters, string[] prefixes)
    {
        (int Index, FilterEntry Item)[] others = [.. list.Entries.Index().Where(entry => IsOf(entry.Item, prefixes))];
        if (others.Length == 0)
        {
            yield break;
        }

        Dictionary<Node, int> places = list.Entries.Index().DistinctBy(entry => entry.Item.Node).ToDictionary(entry => entry.Item.Node, entry => entry.Index);
        foreach (ExtProcFilter filter in filters)
        {
            int own = places.GetValueOrDefault(filter.Entry!, -1);
            if (own > others[0].Index)
            {
                yield return new(filter, others[0].Item, true);
            }

            if (own >= 0 && own < others[^1].Index)
            {
                yield return new(filter, others[^1].Item, false);
            }
        }
    }

    private static bool IsOf(FilterEntry entry, string[] prefixes) =>
        prefixes.Any(prefix => entry.TypeName.StartsWith(prefix, StringComparison.Ordinal)) && !entry.Config.Bool("disabled").Value;
}
