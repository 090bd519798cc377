using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A rule whose findings are one kind of the problems that reading itself meets.</summary>
internal abstract class ProblemRule : Rule
{
    private protected abstract ProblemKind Kind { get; }

    public override Severity Severity => Severity.Error;

    public override IEnumerable<Finding> Check(RuleContext context) => context.Policies.Problems
        .Where(problem => problem.Kind == Kind)
        .DistinctBy(problem => (problem.Document, problem.Span, problem.Message))
        .Select(Report);

    private protected virtual Finding Report(ConfigProblem problem) =>
        new(this, SeverityOf(problem), problem.Document.Source, problem.Span, problem.Pointer, problem.Message, problem.Help)
        {
            Document = problem.Document,
            IsAboutNames = IsAboutNames || problem.IsAboutNames,
            Why = problem.DroppedByEnvoy ? "In dynamic configuration Envoy logs a warning, drops this and goes on as if it were not there."
                : problem.IsInferred ? "This was concluded from sources that do not agree or are not the definition itself, so that it is likely to be refused and not sure."
                : Why,
        };

    private Severity SeverityOf(ConfigProblem problem) => problem.IsInferred ? Severity.Hint : problem.DroppedByEnvoy ? Severity.Warning : Severity;
}
