using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A value that a field cannot take.</summary>
internal sealed class EP022WrongType : ProblemRule
{
    private protected override ProblemKind Kind => ProblemKind.WrongType;

    public override string Id => "EP022";
    public override string Name => "wrong-type";
    public override string Summary => "Every value has the form that its field takes.";
    public override string Why => "Envoy cannot read the value and refuses the whole configuration.";
    public override IReadOnlyList<string> Sources => ["google/protobuf/json", "source/common/protobuf/yaml_utility.cc, parseYamlNode"];
    public override string Bad => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        message_timeout: 500ms # EP022

        """;
    public override string Good => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        message_timeout: 0.5s

        """;
}
