using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A body that is buffered before it is streamed.</summary>
internal sealed class EP254BufferedBeforeStreaming : Rule
{
    public override string Id => "EP254";
    public override string Name => "buffered-before-streaming";
    public override Severity Severity => Severity.Hint;
    public override string Summary => "A streamed request body does not pass a buffer filter above.";
    public override string Why => "The buffer filter waits for the whole body and answers 413 beyond max_request_bytes, so nothing is streamed and large or endless bodies never reach the processor.";
    public override IReadOnlyList<string> Sources => ["Buffer.max_request_bytes", "HttpConnectionManager.http_filters"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        stat_prefix: http
        route_config: {}
        http_filters:
        - name: buffer
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer, max_request_bytes: 65536}
        - name: ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode:
              request_body_mode: STREAMED # EP254
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        stat_prefix: http
        route_config: {}
        http_filters:
        - name: ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode:
              request_body_mode: STREAMED
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from neighbour in ChainNeighbour.All(context.Policies, "buffer")
        let mode = WrittenMode.Of(neighbour.Filter)
        where neighbour.IsAbove && mode.HasBody(Direction.Request, "STREAMED", "FULL_DUPLEX_STREAMED")
        select At(
            neighbour.Filter.Document,
            mode.Body(Direction.Request).Place,
            $"request_body_mode is {mode.Body(Direction.Request).Value}, and the buffer filter \"{neighbour.Other.Name}\" above waits for the whole body",
            "remove the buffer filter, switch it off on these routes, or use BUFFERED") with
        {
            Related = [RelatedPlace.At(neighbour.Filter.Document, neighbour.Other.Node, "the filter above")],
        };
}
