using PolicyValidator.Decoding;
using PolicyValidator.Expressions.Cel;
using PolicyValidator.Rules;

namespace PolicyValidator.Kubernetes;

/// <summary>
/// That a condition is CEL at all. The definitions take any string, and the load balancer's API refuses the extension. Which attributes and
/// functions there are is the load balancer's own: only the syntax is that of all others.
/// </summary>
internal static class CelRule
{
    /// <summary>Of <c>celMatcher</c>, in GKE's objects.</summary>
    public static CrdViolation? OfMatcher(KubernetesValue expression) => Of(expression["celMatcher"]);

    /// <summary>Of <c>celExpression</c>, in gcloud's files.</summary>
    public static CrdViolation? OfExpression(KubernetesValue condition) => Of(condition["celExpression"]);

    private static CrdViolation? Of(KubernetesValue? text) =>
        text?.Text is { } written && !string.IsNullOrWhiteSpace(written) && CelExpression.Check(written, Target.Newest.Version) is { Kind: CelProblemKind.Syntax } problem
            ? new(text, $"'{Described.Short(written)}', which is not CEL: {problem.Message}", "write an expression such as request.path.startsWith('/v1/')")
            : null;
}
