using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A name that an enum does not have.</summary>
internal sealed class EP023UnknownEnumName : ProblemRule
{
    private protected override ProblemKind Kind => ProblemKind.UnknownEnumName;

    public override string Id => "EP023";
    public override string Name => "unknown-enum-name";
    public override bool IsAboutNames => true;
    public override string Summary => "A mode, or any other enum, is one of the names that the target's release has.";
    public override string Why => "Envoy refuses a static configuration with a name that it does not know.";
    public override IReadOnlyList<string> Sources => ["google/protobuf/json", "ProcessingMode.BodySendMode, HeaderSendMode"];
    public override string Bad => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        processing_mode:
          request_body_mode: FULL_DUPLEX # EP023

        """;
    public override string Good => """
        grpc_service:
          envoy_grpc:
            cluster_name: ext_proc
        processing_mode:
          request_body_mode: FULL_DUPLEX_STREAMED
          request_trailer_mode: SEND

        """;
}
