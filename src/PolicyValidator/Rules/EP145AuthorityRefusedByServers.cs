using PolicyValidator.Fixes;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>An <c>:authority</c> that some servers refuse.</summary>
internal sealed class EP145AuthorityRefusedByServers : Rule
{
    public override string Id => "EP145";
    public override string Name => "authority-refused-by-servers";
    public override Severity Severity => Severity.Warning;
    public override FixSafety Fix => FixSafety.Safe;
    public override string Summary => "The :authority of the gRPC stream is a host, with or without a port in digits; without one Envoy's client takes the cluster's name.";
    public override string Why =>
        "ASP.NET Core's server (Kestrel) resets streams whose authority has a / | @ blank or other characters that no host has, or a port that is no number, and logs nothing; tonic and grpc-js refuse most of them too, grpc-go and gRPC C++ take them. Every request then gets 500, or passes unprocessed with failure_mode_allow.";
    public override IReadOnlyList<string> Sources => ["EnvoyGrpc.authority, cluster_name", "GoogleGrpc.channel_args, grpc.default_authority", "RFC 9110, 7.2"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service:
          envoy_grpc:
            cluster_name: outbound|9000||processor.demo.svc.cluster.local # EP145

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service:
          envoy_grpc:
            cluster_name: outbound|9000||processor.demo.svc.cluster.local
            authority: processor.demo.svc.cluster.local:9000

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from service in GrpcServiceUse.All(context.Policies)
        where !IsMade(service)
        let authority = GrpcAuthority.Of(service)
        where authority is not null && !authority.IsTakenByKestrel
        select At(
            service.Document,
            authority.Place,
            authority.IsClusterName
                ? $"without authority the gRPC stream has the cluster's name as its :authority, and \"{authority.Value}\" is no host"
                : $"the gRPC stream has the :authority \"{authority.Value}\", which is no host",
            $"write authority: {authority.Plain()}{(authority.IsClusterName ? " beside cluster_name" : " or another host")}") with
        {
            Fix = FixOf(authority),
        };

    /// <summary>What a product makes of a policy has an authority of the product's own.</summary>
    private static bool IsMade(GrpcServiceUse service) => service.Document.Translation is not null || service.Config.Node?.Origin is not null;

    private static Fix? FixOf(GrpcAuthority authority) =>
        authority is { IsClusterName: true, Place: { Container: { } container, Node.Entry: { } entry } } && container.Field("authority") is null
            ? new("add authority", true, FieldInsertion.After(authority.Service.Document.Source, container, entry, "authority", authority.Plain()))
            : null;
}
