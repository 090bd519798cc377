using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A value outside of what Envoy's API allows.</summary>
internal sealed class EP024OutOfRange : ProblemRule
{
    private protected override ProblemKind Kind => ProblemKind.OutOfRange;

    public override string Id => "EP024";
    public override string Name => "out-of-range";
    public override string Summary => "Every value is within the bounds of Envoy's API.";
    public override string Why => "Envoy checks lengths, ranges and enum numbers when it loads, and refuses the whole configuration.";
    public override IReadOnlyList<string> Sources => ["the validation rules of Envoy's API (protoc-gen-validate)", "source/common/protobuf/utility.cc, durations"];
    public override string Bad => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        message_timeout: 3601s # EP024

        """;
    public override string Good => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        message_timeout: 3600s

        """;
}
