using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A type URL of no message.</summary>
internal sealed class EP026UnknownTypeUrl : ProblemRule
{
    private protected override ProblemKind Kind => ProblemKind.UnknownType;

    public override string Id => "EP026";
    public override string Name => "unknown-type-url";
    public override bool IsAboutNames => true;
    public override string Summary => "An @type is a host, a slash and the full name of a message that this Envoy has; v2 and v3alpha names are gone.";
    public override string Why => "Envoy cannot read a message of a type that it does not know, and refuses the whole configuration, is_optional or not.";
    public override IReadOnlyList<string> Sources => ["google/protobuf/json, ParseAny"];
    public override string Bad => """
        name: envoy.filters.http.ext_proc
        typed_config:
          "@type": envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor # EP026
          grpc_service:
            envoy_grpc:
              cluster_name: ext_proc

        """;
    public override string Good => """
        name: envoy.filters.http.ext_proc
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
          grpc_service:
            envoy_grpc:
              cluster_name: ext_proc

        """;
}
