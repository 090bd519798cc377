using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>Text that is not YAML or JSON.</summary>
internal sealed class EP020NotYamlOrJson : ProblemRule
{
    private protected override ProblemKind Kind => ProblemKind.Syntax;

    public override string Id => "EP020";
    public override string Name => "not-yaml-or-json";
    public override string Summary => "The text must be YAML, or JSON as Envoy reads it.";
    public override string Why => "Envoy cannot read the file, so nothing in it takes effect.";
    public override IReadOnlyList<string> Sources => ["yaml-cpp", "google/protobuf/json"];
    public override string Bad => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
            retry_policy: } # EP020

        """;
    public override string Good => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc

        """;

    /// <summary>A template is not finished text: what comes of it cannot be known.</summary>
    private protected override Finding Report(ConfigProblem problem) => problem.Document.Source.Text.Contains("{{", StringComparison.Ordinal)
        ? base.Report(problem) with { Severity = Severity.Hint, Message = "this is a template, which cannot be judged", Help = "render it and lint the result" }
        : base.Report(problem);
}
