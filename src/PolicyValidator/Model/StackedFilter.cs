using PolicyValidator.Rules;

namespace PolicyValidator.Model;

/// <summary>An ext_proc filter of a connection manager, with those above it in the same list that do not go together with it.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Above">How many others there are.</param>
/// <param name="Named">The first of them, in the order of the list.</param>
/// <param name="Modes">Their modes, those that mean the same once.</param>
internal sealed record StackedFilter(ExtProcFilter Filter, int Above, IReadOnlyList<ExtProcFilter> Named, IReadOnlyList<WrittenMode> Modes)
{
    // Who has more needs no list of them.
    private const int MostNamed = 8;

    /// <summary>Every filter that has such others above it: what is said and looked at grows with the filters, not with their pairs.</summary>
    /// <param name="policies">What was read.</param>
    /// <param name="clash">Whether the modes of an upper and a lower filter do not go together.</param>
    public static IEnumerable<StackedFilter> All(PolicySet policies, Func<WrittenMode, WrittenMode, bool> clash) => policies.Filters
        .Where(filter => filter.Place is FilterPlace.HttpFilters && filter.List is not null)
        .GroupBy(filter => filter.List!.Node)
        .SelectMany(list => In(list, clash));

    /// <summary>Filters whose modes mean the same are looked at as one.</summary>
    private static IEnumerable<StackedFilter> In(IEnumerable<ExtProcFilter> list, Func<WrittenMode, WrittenMode, bool> clash)
    {
        Dictionary<string, List<(int Index, ExtProcFilter Filter)>> byMeaning = new(StringComparer.Ordinal);
        foreach ((int index, ExtProcFilter filter) in list.Index())
        {
            WrittenMode own = WrittenMode.Of(filter);
            var above = byMeaning.Values.Where(same => clash(WrittenMode.Of(same[0].Filter), own)).ToArray();
            if (above.Length > 0)
            {
                var named = above.SelectMany(same => same.Take(MostNamed)).OrderBy(other => other.Index).Take(MostNamed).Select(other => other.Filter);
                yield return new(filter, above.Sum(same => same.Count), [.. named], [.. above.Select(same => WrittenMode.Of(same[0].Filter))]);
            }

            string meaning = ModeFields.Meaning(own);
            byMeaning.TryAdd(meaning, []);
            byMeaning[meaning].Add((index, filter));
        }
    }

    /// <summary>The mode of the lower filter.</summary>
    public WrittenMode Mode => WrittenMode.Of(Filter);

    /// <summary>The others in words: <c>the ext_proc filter "first" above</c>.</summary>
    public string Others => Above == 1
        ? $"the ext_proc filter \"{Named[0].Name}\" above"
        : $"{Above} ext_proc filters above ({string.Join(", ", Named.Select(other => $"\"{other.Name}\""))}{(Above > MostNamed ? $" and {Above - MostNamed} more" : "")})";

    /// <summary>Where one mode is to be given up: <c>one of the two filters</c>.</summary>
    public string AllButOne => Above == 1 ? "one of the two filters" : $"all but one of these {Above + 1} filters";

    /// <summary>The places of a field in the others.</summary>
    /// <param name="place">Where the field stands, or would stand.</param>
    public IReadOnlyList<RelatedPlace> Places(Func<WrittenMode, Place> place) =>
        [.. Named.Select(other => RelatedPlace.At(other.Document, place(WrittenMode.Of(other)), $"the filter \"{other.Name}\""))];

    /// <summary>The directions of the body for which something holds of the mode here and of one above.</summary>
    public IReadOnlyList<Direction> Directions(Func<WrittenMode, WrittenMode, Direction, bool> clash) =>
        [.. Direction.Both.Where(direction => Modes.Any(other => clash(other, Mode, direction)))];
}
