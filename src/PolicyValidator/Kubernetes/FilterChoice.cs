using PolicyValidator.Expressions.JsonPath;

namespace PolicyValidator.Kubernetes;

/// <summary>Which HTTP filters of a listener an operation of an EnvoyPatchPolicy is for.</summary>
/// <param name="Key">The text of the way to them: operations with the same text are for the same filters.</param>
/// <param name="Way">The way to what is changed in them.</param>
/// <param name="Field">What is changed, from the filter's configuration on.</param>
internal sealed record FilterChoice(string Key, IReadOnlyList<PathStep> Way, string Field)
{
    /// <summary>Whether a filter is among them; null where that cannot be told, as for a place in the list.</summary>
    /// <param name="filterName">The filter's name; null for one of which the name is not known.</param>
    public bool? Takes(string? filterName) => Takes(filterName, out _);

    /// <summary>The same, and why it cannot be told where the way is not followed to its end.</summary>
    public bool? Takes(string? filterName, out string? notFollowed)
    {
        notFollowed = null;
        try
        {
            PathMatch[] found = [.. Found(Way, filterName).Where(match => match.Field == Field).Select(match => match.Match)];
            return found.Any(match => match.IsSure) ? true : found.Length > 0 ? null : false;
        }
        catch (PathNotFollowedException gaveUp)
        {
            notFollowed = gaveUp.Message;
            return null;
        }
    }

    /// <summary>All fields of ext_proc's configuration to which a way leads, whatever the filter's name.</summary>
    /// <exception cref="PathNotFollowedException">It takes too long to tell.</exception>
    public static IReadOnlyList<FilterChoice> All(IReadOnlyList<PathStep> way, string text)
    {
        int end = text.LastIndexOf("typed_config", StringComparison.Ordinal);
        string key = (end < 0 ? text : text[..end]).Replace(" ", "", StringComparison.Ordinal).Replace('"', '\'').TrimEnd('/', '.', '[', '\'');
        return [.. Found(way, null).Select(found => found.Field).Distinct().Select(field => new FilterChoice(key, way, field))];
    }

    private static IEnumerable<(PathMatch Match, string Field)> Found(IReadOnlyList<PathStep> way, string? filterName) =>
        from match in JsonPathQuery.Find(way, ListenerSketch.With(filterName))
        let steps = match.Way
        let list = steps.Index().FirstOrDefault(step => step.Item == ListenerSketch.HttpFilters, (Index: -1, Item: "")).Index
        where list >= 0 && steps.Count > list + 3 && steps[list + 2] == "typed_config"
        select (match, string.Join('/', steps.Skip(list + 3)));
}
