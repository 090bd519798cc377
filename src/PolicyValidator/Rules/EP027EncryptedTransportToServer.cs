using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A cluster that speaks TLS to a server whose listeners are cleartext.</summary>
internal sealed class EP027EncryptedTransportToServer : Rule
{
    private static readonly string[] EncryptedCredentials = ["ssl_credentials", "google_default"];

    private const string Credentials = "google_grpc.channel_credentials";

    public override string Id => "EP027";
    public override string Name => "encrypted-transport-to-server";
    public override Severity Severity => Severity.Error;
    public override string Summary => "Envoy speaks cleartext HTTP/2 to the listeners of an extproc.yaml, which have no TLS.";
    public override string Why => "No connection comes about, and nothing says so before traffic does: every request is answered 500, or passes unprocessed with failure_mode_allow.";
    public override IReadOnlyList<string> Sources => ["Cluster.transport_socket, transport_socket_matches", "GoogleGrpc.channel_credentials", "extproc.yaml, listeners"];
    public override string Bad => Example("""

            transport_socket: # EP027
              name: envoy.transport_sockets.tls
              typed_config: {"@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext}
        """);

    public override string Good => Example("");

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from pairing in ServerPairing.All(context.Policies)
        let encrypted = pairing.Filters.Select(filter => Encrypted(context.Policies, filter)).ToArray()
        where Array.TrueForAll(encrypted, each => each is not null)
        from found in pairing.IsSure ? encrypted.DistinctBy(each => each!.Value.Place) : encrypted.Take(1)
        select AtKey(
            found.Value.Document,
            found.Value.Place,
            $"{found.Value.Where} speaks {found.Value.Protocol}, and the server's listeners are cleartext HTTP/2",
            "take it out, and keep the way to the server inside the pod or behind a proxy that ends the encryption") with
        {
            Severity = pairing.IsSure ? Severity.Error : Severity.Hint,
            Related = [RelatedPlace.At(pairing.Server.Document, pairing.Server.At("listeners") ?? pairing.Server.At("listen") ?? pairing.Server.Root, "the server")],
        };

    /// <summary>Where it is said that a filter's way to its processor is encrypted, by what, and of what; null where it is not, or not sure to be.</summary>
    private static (SourceDocument Document, Node Place, string Protocol, string Where)? Encrypted(PolicySet policies, ExtProcFilter filter)
    {
        GrpcServiceUse service = GrpcServiceUse.Of(filter);
        if (service.Config.Message(service.Path + Credentials) is { } credentials)
        {
            string? named = Array.Find(EncryptedCredentials, credentials.Has);
            return named is null ? null : (filter.Document, credentials.PlaceOf(named).Node!, "TLS", "google_grpc");
        }

        ClusterEntry[] clusters = [.. Clusters.Of(policies, filter.Document).All(service.Cluster.Value)];
        var all = clusters.Select(cluster => (Cluster: cluster, Encryption: ClusterTransport.Encrypted(cluster.Node))).ToArray();
        return all.Length > 0 && Array.TrueForAll(all, each => each.Encryption is not null)
            ? (all[0].Cluster.Document, all[0].Encryption!.Value.Place, all[0].Encryption!.Value.Protocol, $"the cluster \"{service.Cluster.Value}\"")
            : null;
    }

    private static string Example(string socket) => $$$"""
        static_resources:
          listeners:
          - name: http
            filter_chains:
            - filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: http
                  route_config: {}
                  http_filters:
                  - name: ext_proc
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                      grpc_service: {envoy_grpc: {cluster_name: processor}}
                      message_timeout: 15s
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          clusters:
          - name: processor
            http2_protocol_options: {}{{{socket}}}
        ---
        listen: 127.0.0.1:9000
        pipeline:
        - name: audit

        """;
}
