namespace ExtProc.Configuration;

/// <summary>Where a setting stands: a place in a file, an environment variable or a flag.</summary>
/// <param name="Source">The file's name, <c>environment variable EXTPROC_LISTEN</c> or <c>--listen</c>.</param>
/// <param name="Line">Counted from 1; 0 where there are no lines.</param>
/// <param name="Column">Counted from 1.</param>
public readonly record struct ConfigMark(string Source, int Line = 0, int Column = 0)
{
    /// <summary>As editors and terminals take it: <c>extproc.yaml:4:7</c>.</summary>
    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}

/// <summary>One thing that is wrong with a configuration, or doubtful.</summary>
/// <param name="At">Where.</param>
/// <param name="Message">What was found, what is allowed, what to do.</param>
/// <param name="IsWarning">Whether the configuration can be used all the same.</param>
public sealed record ConfigProblem(ConfigMark At, string Message, bool IsWarning = false)
{
    /// <summary>One line for a terminal.</summary>
    public override string ToString() => $"{At}: {(IsWarning ? "warning" : "error")}: {Message}";
}

/// <summary>A configuration that cannot be used; holds all that is wrong with it.</summary>
public sealed class ConfigException : Exception
{
    /// <summary>With everything that was found, errors and warnings.</summary>
    public ConfigException(IReadOnlyList<ConfigProblem> problems)
        : base(string.Join('\n', (problems ?? throw new ArgumentNullException(nameof(problems))).Where(problem => !problem.IsWarning))) =>
        Problems = problems;

    /// <summary>In the order of the text.</summary>
    public IReadOnlyList<ConfigProblem> Problems { get; }
}
