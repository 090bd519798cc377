using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Oracle;

/// <summary>Our verdict on a text.</summary>
internal static class Verdict
{
    public static IReadOnlyList<Finding> ErrorsOf(string name, string text, Target target) =>
        [.. Linter.Lint([new SourceText(name, text)], target, new LintOptions()).Findings.Where(finding => finding.Severity == Severity.Error)];
}
