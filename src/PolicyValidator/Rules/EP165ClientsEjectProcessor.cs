using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>Outlier detection that lets clients take a processor out.</summary>
internal sealed class EP165ClientsEjectProcessor : Rule
{
    public override string Id => "EP165";
    public override string Name => "clients-eject-processor";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "Failures that clients can cause do not take every host of a processor's cluster out.";
    public override string Why => "A stream that a processor ends with a failure counts as a 5xx of its host. Five in a row eject it for 30 seconds; with max_ejection_percent: 100 and healthy_panic_threshold: 0 nothing is left, and every client's exchange fails, or passes unprocessed with failure_mode_allow. Measured on 1.36.4, 1.38.3 and 1.40.0.";
    public override IReadOnlyList<string> Sources => ["OutlierDetection.max_ejection_percent", "OutlierDetection.always_eject_one_host", "Cluster.CommonLbConfig.healthy_panic_threshold", "docs/shared-connection.md"];
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
                      grpc_service: {envoy_grpc: {cluster_name: processor}}
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          clusters:
          - name: processor
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {}}
            outlier_detection: {max_ejection_percent: 100} # EP165
            common_lb_config: {healthy_panic_threshold: {value: 0}}
            load_assignment:
              cluster_name: processor
              endpoints:
              - lb_endpoints:
                - endpoint: {address: {socket_address: {address: 10.0.0.1, port_value: 9000}}}

        """;
    public override string Good => Bad.Replace(" # EP165", "", StringComparison.Ordinal)
        .Replace("    common_lb_config: {healthy_panic_threshold: {value: 0}}\n", "", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context) =>
        (from found in SharedConnection.InClusters(context.Policies, SharedConnection.EjectionFields, SharedConnection.Ejection)
         select At(
             found.Cluster.Document,
             found.Node,
             $"five failures in a row, which a client can cause, take every host of the processor's cluster \"{found.Cluster.Name}\" out",
             "leave healthy_panic_threshold at its default, so that Envoy falls back on ejected hosts, or set enforcing_consecutive_5xx: 0") with
         {
             Related = [found.Processor],
         })
        .OncePerPlace();
}
