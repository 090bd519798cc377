using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A cluster for a gRPC processor that is not there.</summary>
internal sealed class EP142GrpcClusterMissing : Rule
{
    public override string Id => "EP142";
    public override string Name => "grpc-cluster-missing";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "The cluster of a gRPC processor has to exist.";
    public override string Why =>
        "Envoy does not check it: every gRPC stream fails and every request gets 500, or passes unprocessed with failure_mode_allow.";
    public override IReadOnlyList<string> Sources => ["EnvoyGrpc.cluster_name"];
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
                      grpc_service: {envoy_grpc: {cluster_name: procesor}} # EP142
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
        where service.Cluster.IsSet && Clusters.Of(context.Policies, service.Document).Lack(service.Cluster.Value)
        select At(
            service.Document,
            service.Cluster.Place,
            $"there is no cluster \"{service.Cluster.Value}\" in this bootstrap, and nothing else could add it",
            "name a cluster of static_resources.clusters");
}
