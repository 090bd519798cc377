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

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        BufferFilters buffers = new();
        return
            from routed in RoutedFilter.OrAlone(context.Policies)
            where routed.Mode.HasBody(Direction.Request, "BUFFERED")
            let around = buffers.Around(routed).ToArray()
            where around.Length > 0 && !around.Any(buffer => buffer.IsAbove)
            let limit = BodyLimits.Of(routed, Direction.Request, context.Target.Version)
            from buffer in around.Where(buffer => buffer.MaxBytes > limit).Take(1)
            select Report(context, routed, buffer, limit) into finding
            group finding by (finding.Source, finding.Span) into same
            select same.First();
    }

    private Finding Report(RuleContext context, RoutedFilter routed, BufferNeighbour buffer, decimal limit) => At(
        routed.Mode.Document,
        routed.Mode.Body(Direction.Request).Place,
        $"requests of more than {limit} bytes get 413 here, before the buffer filter \"{buffer.Entry.Name}\" below, which would take {buffer.MaxBytes}",
        $"put the buffer filter above ext_proc, or set per_connection_buffer_limit_bytes of the listener to {buffer.MaxBytes}{(context.Target.Version >= new EnvoyVersion(38, 0) ? ", or request_body_buffer_limit of the routes" : "")}") with
    {
        Related = [RelatedPlace.At(routed.Filter.Document, buffer.Entry.Node, "the filter below")],
    };
}
