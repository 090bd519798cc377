using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A processor at several addresses of which none is watched.</summary>
internal sealed class EP285ProcessorNotHealthChecked : Rule
{
    public override string Id => "EP285";
    public override string Name => "processor-not-health-checked";
    public override Severity Severity => Severity.Hint;
    public override string Summary => "A processor at several addresses has health checks or outlier detection.";
    public override string Why => "Without either Envoy goes on to give a dead processor its share of the requests, each of which fails, or passes unprocessed with failure_mode_allow.";
    public override IReadOnlyList<string> Sources => ["Cluster.health_checks", "Cluster.outlier_detection"];
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
                  route_config: {}
                  http_filters:
                  - name: ext_proc
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                      grpc_service: {envoy_grpc: {cluster_name: processor}} # EP285
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          clusters:
          - name: processor
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {}}
            load_assignment:
              cluster_name: processor
              endpoints:
              - lb_endpoints:
                - endpoint: {address: {socket_address: {address: 10.0.0.1, port_value: 9000}}}
                - endpoint: {address: {socket_address: {address: 10.0.0.2, port_value: 9000}}}

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
                  route_config: {}
                  http_filters:
                  - name: ext_proc
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                      grpc_service: {envoy_grpc: {cluster_name: processor}}
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          clusters:
          - name: processor
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {}}
            health_checks:
            - {timeout: 1s, interval: 5s, unhealthy_threshold: 2, healthy_threshold: 1, grpc_health_check: {}}
            load_assignment:
              cluster_name: processor
              endpoints:
              - lb_endpoints:
                - endpoint: {address: {socket_address: {address: 10.0.0.1, port_value: 9000}}}
                - endpoint: {address: {socket_address: {address: 10.0.0.2, port_value: 9000}}}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from service in GrpcServiceUse.All(context.Policies)
        where service.Cluster.IsSet
        let cluster = Clusters.Of(context.Policies, service.Document).Unwatched(service.Cluster.Value)
        where cluster is not null
        select At(
            service.Document,
            service.Cluster.Place,
            $"the cluster \"{service.Cluster.Value}\" has several addresses, and neither health_checks nor outlier_detection",
            "give the cluster health_checks with grpc_health_check: {}, which the processor has to answer, or outlier_detection: {}") with
        {
            Related = [RelatedPlace.At(cluster.Document, cluster.Node, "the cluster")],
        };
}
