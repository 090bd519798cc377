using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A limit of a stream's life on a cluster whose streams live as long as exchanges.</summary>
internal sealed class EP292ExchangeEndsWithStream : Rule
{
    public override string Id => "EP292";
    public override string Name => "exchange-ends-with-stream";
    public override Severity Severity => Severity.Hint;
    public override string Summary => "The streams of a processor's cluster may live as long as exchanges do.";
    public override string Why => "An exchange is one stream to the processor, from its headers to the end of its bodies. max_stream_duration resets it, however busy it is: downloads, event streams and slow clients are broken off. Measured on 1.36.4 and 1.40.0.";
    public override IReadOnlyList<string> Sources => ["HttpProtocolOptions.max_stream_duration", "docs/shared-connection.md"];
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
                common_http_protocol_options: {max_stream_duration: 30s} # EP292
            load_assignment:
              cluster_name: processor
              endpoints:
              - lb_endpoints:
                - endpoint: {address: {socket_address: {address: 10.0.0.1, port_value: 9000}}}

        """;
    public override string Good => Bad.Replace(" # EP292", "", StringComparison.Ordinal)
        .Replace("max_stream_duration: 30s", "max_connection_duration: 3600s", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context) =>
        (from found in SharedConnection.InClusters(context.Policies, SharedConnection.DurationFields, SharedConnection.StreamDuration)
         select At(
             found.Cluster.Document,
             found.Node,
             $"exchanges that take longer than {found.Node.Text} are broken off, for each is one stream of the processor's cluster \"{found.Cluster.Name}\"",
             "delete it; max_connection_duration renews connections and lets their streams finish") with
         {
             Related = [found.Processor],
         })
        .OncePerPlace();
}
