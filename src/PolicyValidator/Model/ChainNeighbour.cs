namespace PolicyValidator.Model;

/// <summary>An ext_proc filter and another filter in the same list: requests meet the upper one first, responses the lower one.</summary>
/// <param name="Filter">The ext_proc filter.</param>
/// <param name="Other">The other entry.</param>
/// <param name="IsAbove">Whether the other one stands above.</param>
internal sealed record ChainNeighbour(ExtProcFilter Filter, FilterEntry Other, bool IsAbove)
{
    /// <summary>All of a run, for others of these types (full names without the version), switched on.</summary>
    public static IEnumerable<ChainNeighbour> All(PolicySet policies, params IReadOnlyList<string> types) =>
        from filter in policies.Filters
        where filter.Entry is not null && filter.Place is FilterPlace.HttpFilters or FilterPlace.UpgradeFilters
        let entries = filter.List?.Entries ?? []
        let own = entries.Index().FirstOrDefault(entry => ReferenceEquals(entry.Item.Node, filter.Entry), (-1, null!)).Index
        where own >= 0
        from other in entries.Index()
        where types.Any(type => other.Item.TypeName.StartsWith($"envoy.extensions.filters.http.{type}.", StringComparison.Ordinal)) && !other.Item.Config.Bool("disabled").Value
        select new ChainNeighbour(filter, other.Item, other.Index < own);

    /// <summary>Whether the processor works on the body of a direction.</summary>
    public bool SeesBody(Direction direction) => !WrittenMode.Of(Filter).HasBody(direction, "NONE", "GRPC");
}
