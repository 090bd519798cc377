using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>Two ext_proc filters of one list, in its order.</summary>
internal sealed record FilterPair(WrittenMode First, WrittenMode Second, MappingNode? ConnectionManager)
{
    // Nobody writes that many; a list of thousands must end in time all the same.
    private const int MostAbove = 32;

    /// <summary>The pairs of all lists of connection managers: each filter with the nearest above it.</summary>
    public static IEnumerable<FilterPair> All(PolicySet policies) =>
        from list in policies.Filters.Where(filter => filter.Place is FilterPlace.HttpFilters && filter.List is not null).GroupBy(filter => filter.List!.Node)
        let filters = list.ToArray()
        from second in Enumerable.Range(1, filters.Length - 1)
        from first in Enumerable.Range(Math.Max(0, second - MostAbove), Math.Min(second, MostAbove))
        select new FilterPair(WrittenMode.Of(filters[first]), WrittenMode.Of(filters[second]), filters[second].ConnectionManager);

    /// <summary>Whether both handle this direction's body in one of these modes.</summary>
    public bool BothBodies(Direction direction, params ReadOnlySpan<string> modes) =>
        First.HasBody(direction, modes) && Second.HasBody(direction, modes);

    /// <summary>Whether one of the two handles this direction's body in this mode.</summary>
    public bool AnyBody(Direction direction, string mode) => First.HasBody(direction, mode) || Second.HasBody(direction, mode);

    /// <summary>Whether both see the trailers of requests.</summary>
    public bool BothSendRequestTrailers => First.SendsTrailers(Direction.Request) && Second.SendsTrailers(Direction.Request);
}
