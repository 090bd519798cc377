using PolicyValidator.Rules;

namespace PolicyValidator.Model;

/// <summary>An ext_proc filter of a connection manager, with those above it in the same list that do not go together with it.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Above">The others, in the order of the list.</param>
internal sealed record StackedFilter(ExtProcFilter Filter, IReadOnlyList<ExtProcFilter> Above)
{
    // Nobody writes that many; a list of thousands must end in time all the same.
    private const int MostAbove = 32;

    // Who has more needs no list of them.
    private const int MostNamed = 8;

    /// <summary>Every filter that has such others above it: what is said grows with the filters, not with their pairs.</summary>
    /// <param name="policies">What was read.</param>
    /// <param name="clash">Whether the modes of an upper and a lower filter do not go together.</param>
    public static IEnumerable<StackedFilter> All(PolicySet policies, Func<WrittenMode, WrittenMode, bool> clash) =>
        from list in policies.Filters.Where(filter => filter.Place is FilterPlace.HttpFilters && filter.List is not null).GroupBy(filter => filter.List!.Node)
        let filters = list.ToArray()
        from at in Enumerable.Range(1, filters.Length - 1)
        let own = WrittenMode.Of(filters[at])
        let above = filters[Math.Max(0, at - MostAbove)..at].Where(other => clash(WrittenMode.Of(other), own)).ToArray()
        where above.Length > 0
        select new StackedFilter(filters[at], above);

    /// <summary>The mode of the lower filter.</summary>
    public WrittenMode Mode => WrittenMode.Of(Filter);

    /// <summary>The others in words: <c>the ext_proc filter "first" above</c>.</summary>
    public string Others => Above is [var only]
        ? $"the ext_proc filter \"{only.Name}\" above"
        : $"{Above.Count} ext_proc filters above ({string.Join(", ", Above.Take(MostNamed).Select(other => $"\"{other.Name}\""))}{(Above.Count > MostNamed ? $" and {Above.Count - MostNamed} more" : "")})";

    /// <summary>Where one mode is to be given up: <c>one of the two filters</c>.</summary>
    public string AllButOne => Above.Count == 1 ? "one of the two filters" : $"all but one of these {Above.Count + 1} filters";

    /// <summary>The places of a field in the others.</summary>
    /// <param name="place">Where the field stands, or would stand.</param>
    public IReadOnlyList<RelatedPlace> Places(Func<WrittenMode, Place> place) =>
        [.. Above.Take(MostNamed).Select(other => RelatedPlace.At(other.Document, place(WrittenMode.Of(other)), $"the filter \"{other.Name}\""))];

    /// <summary>The directions of the body for which something holds of the mode here and of one above.</summary>
    public IReadOnlyList<Direction> Directions(Func<WrittenMode, WrittenMode, Direction, bool> clash) =>
        [.. Direction.Both.Where(direction => Above.Any(other => clash(WrittenMode.Of(other), Mode, direction)))];
}
