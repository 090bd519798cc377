using PolicyValidator.Inputs;

namespace PolicyValidator.Rules;

/// <summary>A comment suppresses what is not there. Only after all other rules is that known, so the linter asks for these findings.</summary>
public sealed class EP191UnusedSuppression : Rule
{
    /// <inheritdoc/>
    public override string Id => "EP191";

    /// <inheritdoc/>
    public override string Name => "unused-suppression";

    /// <inheritdoc/>
    public override Severity Severity => Severity.Warning;

    /// <inheritdoc/>
    public override string Summary => "A comment that suppresses a rule stands where that rule finds something.";

    /// <inheritdoc/>
    public override string Why => "It would hide the next finding of that rule in its place, which nobody has looked at.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Sources => ["this program's own comments"];

    /// <inheritdoc/>
    public override string Bad => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        processing_mode:
          # policy-validator: ignore EP001 -- until the gateway is upgraded # EP191
          request_body_mode: STREAMED

        """;

    /// <inheritdoc/>
    public override string Good => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        processing_mode:
          request_body_mode: STREAMED

        """;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context) => [];

    /// <summary>The finding about a rule that a comment names and that finds nothing there.</summary>
    internal Finding About(SuppressionComment comment, Rule rule) => new(
        this,
        Severity,
        comment.Source,
        comment.Span,
        "",
        $"{rule.Id} {rule.Name} finds nothing {(comment.Line == SuppressionComment.WholeFile ? "in this file" : $"on line {comment.Line}")}",
        comment.Rules.Count > 1 ? $"take {rule.Id} out of the comment" : "remove the comment");
}
