using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>Fail-open beside a circuit breaker that slow clients reach.</summary>
internal sealed class EP291FailOpenBeyondBreaker : Rule
{
    public override string Id => "EP291";
    public override string Name => "fail-open-beyond-breaker";
    public override Severity Severity => Severity.Hint;
    public override string Summary => "The circuit breaker of a processor that fails open has room for more exchanges than slow clients hold open.";
    public override string Why => "An exchange is one stream to the processor for as long as its body comes. Beyond max_requests (1,024 where circuit_breakers do not say it) Envoy opens none, and each further exchange passes unprocessed: so many slow uploads switch the processor off. Measured on 1.36.4, 1.38.3 and 1.40.0.";
    public override IReadOnlyList<string> Sources => ["CircuitBreakers.Thresholds.max_requests", "ExternalProcessor.failure_mode_allow", "docs/shared-connection.md"];
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
                      failure_mode_allow: true # EP291
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          clusters:
          - name: processor
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {}}
            circuit_breakers: {thresholds: [{max_requests: 100}]}
            load_assignment:
              cluster_name: processor
              endpoints:
              - lb_endpoints:
                - endpoint: {address: {socket_address: {address: 10.0.0.1, port_value: 9000}}}

        """;
    public override string Good => Bad.Replace(" # EP291", "", StringComparison.Ordinal)
        .Replace("max_requests: 100}", "max_requests: 20000}", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from filter in context.Policies.Filters
        let allow = filter.Config.Bool("failure_mode_allow")
        where allow.Value && allow.IsSet && !filter.IsObserver
        let service = GrpcServiceUse.Of(filter)
        where service.Cluster.IsSet
        let cluster = Clusters.Of(context.Policies, filter.Document).Settled(service.Cluster.Value, SharedConnection.BreakerFields)
        where cluster is not null
        let limit = SharedConnection.LowStreamLimit(cluster.Node)
        where limit is not null
        select At(
            filter.Document,
            allow.Place,
            $"beyond {limit} exchanges at one time, which slow clients reach, exchanges pass unprocessed: the circuit_breakers of the cluster \"{cluster.Name}\" let no more through",
            "set max_requests to as many exchanges as there may be, or delete failure_mode_allow") with
        {
            Related = [RelatedPlace.At(cluster.Document, cluster.Node, "the cluster")],
        };
}
