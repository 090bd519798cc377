namespace ExtProc.Configuration.Reading;

/// <summary>Gathers what is wrong, so that all of it is reported together.</summary>
internal sealed class ConfigProblems
{
    /// <summary>More than a person reads at once; keeps the answer to a hostile file short.</summary>
    private const int MostKept = 100;

    private readonly List<ConfigProblem> _all = [];

    public bool HasErrors { get; private set; }

    /// <summary>In the order of the text: by source, line and column.</summary>
    public IReadOnlyList<ConfigProblem> All =>
        [.. _all.OrderBy(problem => problem.At.Source, StringComparer.Ordinal).ThenBy(problem => problem.At.Line).ThenBy(problem => problem.At.Column)];

    public void Error(ConfigMark at, string message) => Keep(new(at, message));

    public void Warn(ConfigMark at, string message) => Keep(new(at, message, IsWarning: true));

    private void Keep(ConfigProblem problem)
    {
        HasErrors |= !problem.IsWarning;
        if (_all.Count < MostKept)
        {
            _all.Add(problem);
        }
    }
}
