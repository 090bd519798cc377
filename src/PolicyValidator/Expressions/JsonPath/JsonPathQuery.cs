using System.Globalization;

namespace PolicyValidator.Expressions.JsonPath;

/// <summary>Finds what a path finds, also in a document that is known in part: then some matches are not sure.</summary>
internal sealed class JsonPathQuery
{
    /// <summary>How many values one evaluation looks at before it is given up.</summary>
    public const int MostVisits = 100_000;

    private readonly PathValue root;
    private readonly FilterCondition conditions;
    private int visits;

    private JsonPathQuery(PathValue root) => (this.root, conditions) = (root, new FilterCondition(this));

    /// <summary>All matches, in the order of the document.</summary>
    /// <exception cref="PathNotFollowedException">The evaluation takes too long, or needs a pattern that is not known here.</exception>
    public static IReadOnlyList<PathMatch> Find(IReadOnlyList<PathStep> path, PathValue root) =>
        [.. new JsonPathQuery(root).From(path, new([], root, IsSure: true))];

    /// <summary>What a path finds from a value on.</summary>
    public IEnumerable<PathMatch> From(IReadOnlyList<PathStep> path, PathMatch at)
    {
        IEnumerable<PathMatch> found = [path is [PathStep.Root, ..] ? at with { Value = root } : at];
        return path.Aggregate(found, (matches, step) => matches.SelectMany(match => Of(step, match)));
    }

    private IEnumerable<PathMatch> Of(PathStep step, PathMatch at)
    {
        Count();
        return step switch
        {
            PathStep.Root or PathStep.Current => [at],
            PathStep.Child child => Child(child.Name, at),
            PathStep.Wildcard => Inside(at),
            PathStep.Descent => Everything(at),
            PathStep.Nth nth => Nth(nth.Index, at),
            PathStep.Slice slice => Slice(slice, at),
            PathStep.Union union => union.Members.SelectMany(member => Of(member, at)),
            PathStep.Pointer pointer => Pointer(pointer.Token, at),
            PathStep.Filter filter => Filtered(filter.Condition, at),
            _ => throw new ArgumentException($"{step.GetType()} is no kind of step", nameof(step)),
        };
    }

    private static IEnumerable<PathMatch> Child(string name, PathMatch at) => at.Value switch
    {
        PathValue.Mapping mapping when mapping.Fields.TryGetValue(name, out PathValue? value) => [Below(at, name, value, isSure: true)],
        PathValue.Mapping { IsOpen: true } or PathValue.Unknown => [Below(at, name, new PathValue.Unknown(), isSure: false)],
        _ => [],
    };

    private static IEnumerable<PathMatch> Inside(PathMatch at) => at.Value switch
    {
        PathValue.Mapping mapping => mapping.Fields.Select(field => Below(at, field.Key, field.Value, isSure: true)),
        PathValue.List list => list.Items.Select((item, index) => Below(at, index.ToString(CultureInfo.InvariantCulture), item, isSure: true)),
        _ => [],
    };

    /// <summary>The value and all in it that is known.</summary>
    private IEnumerable<PathMatch> Everything(PathMatch at)
    {
        Count();
        return Inside(at).SelectMany(Everything).Prepend(at);
    }

    private static IEnumerable<PathMatch> Nth(int index, PathMatch at) => at.Value switch
    {
        PathValue.List { IsOpen: true } => Inside(at).Select(match => match with { IsSure = false }),
        PathValue.List list => Inside(at).Skip(index < 0 ? list.Items.Count + index : index).Take(index < -list.Items.Count ? 0 : 1),
        PathValue.Unknown => [Below(at, index.ToString(CultureInfo.InvariantCulture), at.Value, isSure: false)],
        _ => [],
    };

    private static IEnumerable<PathMatch> Slice(PathStep.Slice slice, PathMatch at) => at.Value switch
    {
        PathValue.List { IsOpen: true } => Inside(at).Select(match => match with { IsSure = match.IsSure && slice.TakesAll }),
        PathValue.List list => slice.Of(list.Items.Count).SelectMany(index => Nth(index, at)),
        _ => [],
    };

    private IEnumerable<PathMatch> Filtered(Equation condition, PathMatch at) =>
        from match in Inside(at)
        let holds = conditions.Holds(condition, match)
        where holds != false
        select match with { IsSure = match.IsSure && holds == true };

    /// <summary>A step of a JSON pointer is a place in lists and a name elsewhere.</summary>
    private static IEnumerable<PathMatch> Pointer(string token, PathMatch at) =>
        at.Value is not PathValue.List ? Child(token, at) : int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? Nth(index, at) : [];

    private static PathMatch Below(PathMatch at, string name, PathValue value, bool isSure) => new([.. at.Way, name], value, at.IsSure && isSure);

    private void Count()
    {
        if (++visits > MostVisits)
        {
            throw new PathNotFollowedException($"it looks at more than {MostVisits} values");
        }
    }
}
