using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>Something that Envoy demands is not there.</summary>
internal sealed class EP025RequiredFieldMissing : ProblemRule
{
    private protected override ProblemKind Kind => ProblemKind.Missing;

    public override string Id => "EP025";
    public override string Name => "required-field-missing";
    public override string Summary => "Every field that Envoy's API demands is set.";
    public override string Why => "Envoy checks this when it loads, and refuses the whole configuration.";
    public override IReadOnlyList<string> Sources => ["the validation rules of Envoy's API (protoc-gen-validate)"];
    public override string Bad => """
        grpc_service: # EP025
          retry_policy: {retry_on: unavailable}
        failure_mode_allow: true

        """;
    public override string Good => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
          retry_policy: {retry_on: unavailable}
        failure_mode_allow: true

        """;
}
