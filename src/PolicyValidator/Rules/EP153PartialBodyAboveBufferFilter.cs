using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A partly buffered body that a buffer filter below gathers again.</summary>
internal sealed class EP153PartialBodyAboveBufferFilter : Rule
{
    public override string Id => "EP153";
    public override string Name => "partial-body-above-buffer-filter";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "A BUFFERED_PARTIAL request body is not gathered again by a buffer filter below.";
    public override string Why =>
        "What of a body exceeds the connection's limit reaches the buffer filter while the beginning is still held: the upstream gets the beginning twice, or waits for bytes that never come. Seen on 1.36.4, 1.38.3 and 1.40.0.";
    public override IReadOnlyList<string> Sources => ["ProcessingMode.request_body_mode", "Buffer.max_request_bytes"];
    public override string Bad => """
        name: http
        per_connection_buffer_limit_bytes: 32768
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
                  processing_mode:
                    request_body_mode: BUFFERED_PARTIAL # EP153
              - name: buffer
                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer, max_request_bytes: 52428800}
              - name: router
                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;
    public override string Good => """
        name: http
        per_connection_buffer_limit_bytes: 32768
        filter_chains:
        - filters:
          - name: http
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
              stat_prefix: http
              route_config: {}
              http_filters:
              - name: buffer
                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer, max_request_bytes: 52428800}
              - name: ext_proc
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                  grpc_service: {envoy_grpc: {cluster_name: processor}}
                  processing_mode:
                    request_body_mode: BUFFERED_PARTIAL
              - name: router
                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        LateBuffer.All(context.Policies, "BUFFERED_PARTIAL", context.Target.Version).Select(Report).OncePerPlace();

    private Finding Report(LateBuffer late) => At(
        late.Routed.Mode.Document,
        late.Routed.Mode.Body(Direction.Request).Place,
        $"requests of more than {late.LimitBytes} bytes are damaged, or hang, at the buffer filter \"{late.Buffer.Entry.Name}\" below",
        "put the buffer filter above ext_proc, or take it out") with
    {
        Related = [RelatedPlace.At(late.Routed.Filter.Document, late.Buffer.Entry.Node, "the filter below")],
    };
}
