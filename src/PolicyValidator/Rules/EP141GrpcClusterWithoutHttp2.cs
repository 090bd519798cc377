using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A cluster for a gRPC processor that is spoken to in HTTP/1.1.</summary>
internal sealed class EP141GrpcClusterWithoutHttp2 : Rule
{
    public override string Id => "EP141";
    public override string Name => "grpc-cluster-without-http2";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "The cluster of a gRPC processor needs HTTP/2.";
    public override string Why =>
        "Without HTTP/2 options Envoy speaks HTTP/1.1 to a cluster, and does not check this: every gRPC stream fails and every request gets 500, or passes unprocessed with failure_mode_allow.";
    public override IReadOnlyList<string> Sources => ["EnvoyGrpc.cluster_name", "HttpProtocolOptions.explicit_http_config"];
    public override string Bad => """
        static_resources:
          listeners:
          - name: http
            filter_chains:
            - filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: http
                  route_config:
                    virtual_hosts:
                    - name: all
                      domains: ["*"]
                      routes:
                      - match: {prefix: /}
                        route: {cluster: app}
                  http_filters:
                  - name: ext_proc
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                      grpc_service: {envoy_grpc: {cluster_name: processor}} # EP141
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          clusters:
          - name: app
          - name: processor

        """;
    public override string Good => """
        static_resources:
          listeners:
          - name: http
            filter_chains:
            - filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: http
                  route_config:
                    virtual_hosts:
                    - name: all
                      domains: ["*"]
                      routes:
                      - match: {prefix: /}
                        route: {cluster: app}
                  http_filters:
                  - name: ext_proc
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                      grpc_service: {envoy_grpc: {cluster_name: processor}}
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          clusters:
          - name: app
          - name: processor
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {}}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from service in GrpcServiceUse.All(context.Policies)
        where service.Cluster.IsSet
        let cluster = Clusters.Of(context.Policies, service.Document).SpeakingHttp1(service.Cluster.Value)
        where cluster is not null
        select At(
            service.Document,
            service.Cluster.Place,
            $"Envoy speaks HTTP/1.1 to the cluster \"{service.Cluster.Value}\", and gRPC needs HTTP/2",
            "give the cluster typed_extension_protocol_options with explicit_http_config: {http2_protocol_options: {}}") with
        {
            Related = [RelatedPlace.At(cluster.Document, cluster.Node, "the cluster")],
        };
}
