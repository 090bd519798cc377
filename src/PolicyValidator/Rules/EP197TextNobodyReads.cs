using PolicyValidator.Inputs;

namespace PolicyValidator.Rules;

/// <summary>Text behind what its reader takes for the whole document.</summary>
public sealed class EP197TextNobodyReads : Rule
{
    /// <inheritdoc/>
    public override string Id => "EP197";

    /// <inheritdoc/>
    public override string Name => "text-nobody-reads";

    /// <inheritdoc/>
    public override Severity Severity => Severity.Warning;

    /// <inheritdoc/>
    public override string Summary => "Nothing stands behind the end of a document but another one.";

    /// <inheritdoc/>
    public override string Why => "A document ends where a line is less indented than its first key, or at three dots. Envoy and kubectl stop there and say nothing about the rest, which has no effect.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Sources => ["yaml-cpp", "go-yaml"];

    /// <inheritdoc/>
    public override string Bad => """
          grpc_service:
            envoy_grpc:
              cluster_name: ext_proc
        stat_prefix: late # EP197

        """;

    /// <inheritdoc/>
    public override string Good => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        stat_prefix: late

        """;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context) =>
        from document in context.Policies.Documents.Concat(context.Policies.Parts).DistinctBy(document => (document.Source, document.Leftover))
        where document.Leftover is not null
        select new Finding(this, Severity, document.Source, RestOfLine(document.Source, document.Leftover!.Value), "", "nobody reads what stands from here on", "indent it like the keys above, or begin a document of its own with '---'") { Document = document };

    private static SourceSpan RestOfLine(SourceText source, int start)
    {
        int line = source.PositionAt(start).Line;
        return new(start, Math.Max(start, source.LineStart(line) + source.Line(line).Length));
    }
}
