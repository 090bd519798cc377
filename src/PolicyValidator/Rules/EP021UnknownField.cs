using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A field that does not exist.</summary>
internal sealed class EP021UnknownField : ProblemRule
{
    private protected override ProblemKind Kind => ProblemKind.UnknownField;

    public override string Id => "EP021";
    public override string Name => "unknown-field";
    public override bool IsAboutNames => true;
    public override string Summary => "Every field is one that the message has in the target's release, in snake_case or lowerCamelCase.";
    public override string Why => "Envoy refuses a static configuration with a field that it does not know, even when its value is null.";
    public override IReadOnlyList<string> Sources => ["source/common/protobuf/yaml_utility.cc, loadFromJson"];
    public override string Bad => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        processing_modes: {} # EP021

        """;
    public override string Good => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        processing_mode: {}

        """;
}
