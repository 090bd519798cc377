namespace PolicyValidator.Expressions.JsonPath;

/// <summary>A step of a path.</summary>
internal abstract record PathStep
{
    /// <summary><c>$</c>: the document.</summary>
    public sealed record Root : PathStep;

    /// <summary><c>@</c>: the value that a filter looks at.</summary>
    public sealed record Current : PathStep;

    /// <summary><c>.name</c> or <c>['name']</c>.</summary>
    public sealed record Child(string Name) : PathStep;

    /// <summary><c>*</c> or <c>[*]</c>.</summary>
    public sealed record Wildcard : PathStep;

    /// <summary><c>..</c>: the value and everything in it.</summary>
    public sealed record Descent : PathStep;

    /// <summary><c>[1]</c>; negative counts from the end.</summary>
    public sealed record Nth(int Index) : PathStep;

    /// <summary><c>[1:5:2]</c>.</summary>
    public sealed record Slice(int Start, int? End, int Step) : PathStep
    {
        /// <summary>Whether it takes all items, however many there are.</summary>
        public bool TakesAll => Start == 0 && End is null && Step == 1;

        /// <summary>The places that it takes of a list, in its order.</summary>
        public IEnumerable<int> Of(int count)
        {
            int start = Start < 0 ? Math.Max(0, count + Start) : Start, end = End is null ? Step > 0 ? count : -1 : End < 0 ? count + End.Value : Math.Min(End.Value, count);
            for (int at = Math.Min(start, Step > 0 ? count : count - 1); Step != 0 && (Step > 0 ? at < end : at > end && at >= 0); at += Step)
            {
                yield return at;
            }
        }
    }

    /// <summary><c>['a', 1]</c>: names and places.</summary>
    public sealed record Union(IReadOnlyList<PathStep> Members) : PathStep;

    /// <summary>A step of a JSON pointer behind the path, its escapes resolved.</summary>
    public sealed record Pointer(string Token) : PathStep;

    /// <summary><c>[?(@.a == 'b')]</c>.</summary>
    public sealed record Filter(Equation Condition) : PathStep;
}

/// <summary>A condition of a filter, or a part of one.</summary>
internal abstract record Equation
{
    /// <summary>A string, number (<see cref="double"/>), bool, null, or list of these.</summary>
    public sealed record Constant(object? Value) : Equation;

    /// <summary><c>Nothing</c>: that there is no value.</summary>
    public sealed record Nothing : Equation;

    /// <summary>A regular expression between slashes.</summary>
    public sealed record Pattern(string Text) : Equation;

    /// <summary>What a path finds.</summary>
    public sealed record Found(IReadOnlyList<PathStep> Path) : Equation;

    /// <summary>An operator or function: <c>!</c>, <c>length</c> and <c>count</c> have no right side.</summary>
    public sealed record Operation(string Name, Equation Left, Equation? Right) : Equation;
}
