using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A buffer filter that is to let large requests pass, below a processor that buffers them first.</summary>
internal sealed class EP150BufferFilterBelow : Rule
{
    public override string Id => "EP150";
    public override string Name => "buffer-filter-below";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "A buffer filter that raises the limit for request bodies stands above the processor that has them BUFFERED.";
    public override string Why =>
        "A buffer filter raises the limit only for what comes after it: ext_proc above it gathers the body within the connection's limit and answers 413 to what is larger. The limits of clusters change nothing; those of routes do from Envoy 1.38 on.";
    public override IReadOnlyList<string> Sources => ["Buffer.max_request_bytes", "Listener.per_connection_buffer_limit_bytes", "Route.request_body_buffer_limit"];
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
                    request_body_mode: BUFFERED # EP150
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
                    request_body_mode: BUFFERED
              - name: router
                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        LateBuffer.All(context.Policies, "BUFFERED", context.Target.Version).Select(late => Report(context, late)).OncePerPlace();

    private Finding Report(RuleContext context, LateBuffer late) => At(
        late.Routed.Mode.Document,
        late.Routed.Mode.Body(Direction.Request).Place,
        $"requests of more than {late.LimitBytes} bytes get 413 here, before the buffer filter \"{late.Buffer.Entry.Name}\" below, which would take {late.Buffer.MaxBytes}",
        $"put the buffer filter above ext_proc, or set per_connection_buffer_limit_bytes of the listener to {late.Buffer.MaxBytes}{(context.Target.Version >= new EnvoyVersion(38, 0) ? ", or request_body_buffer_limit of the routes" : "")}") with
    {
        Related = [RelatedPlace.At(late.Routed.Filter.Document, late.Buffer.Entry.Node, "the filter below")],
    };
}
