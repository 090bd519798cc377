using PolicyValidator.Inputs;

namespace PolicyValidator.Rules;

/// <summary>A comment to this program that it cannot follow.</summary>
public sealed class EP193SuppressionNotUnderstood : Rule
{
    /// <inheritdoc/>
    public override string Id => "EP193";

    /// <inheritdoc/>
    public override string Name => "suppression-not-understood";

    /// <inheritdoc/>
    public override Severity Severity => Severity.Warning;

    /// <inheritdoc/>
    public override string Summary => "A comment to policy-validator is ignore or ignore-file and names rules that exist.";

    /// <inheritdoc/>
    public override string Why => "What is not understood suppresses nothing, and its author believes that it does.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Sources => ["this program's own comments"];

    /// <inheritdoc/>
    public override string Bad => """
        # policy-validator: disable EP123 -- wrong word # EP193
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        deferred_close_timeout: 1s # policy-validator: ignore EP0115 -- no such rule # EP115 # EP193

        """;

    /// <inheritdoc/>
    public override string Good => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        deferred_close_timeout: 1s # policy-validator: ignore EP115 -- a patch turns observability_mode on

        """;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context) =>
        from comment in context.Policies.SuppressionComments
        from message in Problems(comment)
        select new Finding(
            this, Severity, comment.Source, comment.Span, "", message, "write # policy-validator: ignore EP001 -- REASON, or ignore-file; policy-validator rules lists the rules");

    private static IEnumerable<string> Problems(SuppressionComment comment) => comment.Misread is { } misread
        ? [$"the comment is not understood: {misread}"]
        : comment.Rules.Where(word => RuleWords.One(word) is null).Select(word => $"the comment names \"{word}\", which is no rule");
}
