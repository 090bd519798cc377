using PolicyValidator.Inputs;

namespace PolicyValidator.Rules;

/// <summary>A comment suppresses a rule and does not say why.</summary>
public sealed class EP192SuppressionWithoutReason : Rule
{
    /// <inheritdoc/>
    public override string Id => "EP192";

    /// <inheritdoc/>
    public override string Name => "suppression-without-reason";

    /// <inheritdoc/>
    public override Severity Severity => Severity.Warning;

    /// <inheritdoc/>
    public override string Summary => "A comment that suppresses a rule says why, behind two dashes.";

    /// <inheritdoc/>
    public override string Why => "Whoever reads the file next has to know whether it still holds, so a comment without a reason suppresses nothing.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Sources => ["this program's own comments"];

    /// <inheritdoc/>
    public override string Bad => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        deferred_close_timeout: 1s # policy-validator: ignore EP115 # EP115 # EP192

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
        where comment is { Misread: null, Reason: "" }
        select new Finding(
            this, Severity, comment.Source, comment.Span, "", "the comment gives no reason, so it suppresses nothing", $"write why: # policy-validator: {(comment.Line == SuppressionComment.WholeFile ? "ignore-file" : "ignore")} {string.Join(", ", comment.Rules)} -- REASON");
}
