using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A processor that is given bodies in their compressed form.</summary>
internal sealed class EP253CompressedBodySeen : Rule
{
    public override string Id => "EP253";
    public override string Name => "compressed-body-seen";
    public override Severity Severity => Severity.Hint;
    public override string Summary => "ext_proc stands where bodies are not compressed: below a compressor and below a decompressor.";
    public override string Why => "Requests pass the list from top to bottom, responses from bottom to top: above the compressor a processor is given response bodies that it has compressed, above the decompressor request bodies as the client compressed them. Text in them is not found, and a changed one is broken.";
    public override IReadOnlyList<string> Sources => ["HttpConnectionManager.http_filters", "Compressor", "Decompressor"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        stat_prefix: http
        route_config: {}
        http_filters:
        - name: ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode:
              response_body_mode: BUFFERED # EP253
        - name: compressor
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.compressor.v3.Compressor
            compressor_library: {name: gzip, typed_config: {"@type": type.googleapis.com/envoy.extensions.compression.gzip.compressor.v3.Gzip}}
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        stat_prefix: http
        route_config: {}
        http_filters:
        - name: compressor
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.compressor.v3.Compressor
            compressor_library: {name: gzip, typed_config: {"@type": type.googleapis.com/envoy.extensions.compression.gzip.compressor.v3.Gzip}}
        - name: ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode:
              response_body_mode: BUFFERED
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
    [
        .. Below(context, "compressor", Direction.Response, "compresses"),
        .. Below(context, "decompressor", Direction.Request, "decompresses"),
    ];

    private IEnumerable<Finding> Below(RuleContext context, string type, Direction direction, string does) =>
        from neighbour in ChainNeighbour.All(context.Policies, type)
        where !neighbour.IsAbove && neighbour.SeesBody(direction)
        let mode = WrittenMode.Of(neighbour.Filter)
        select At(
            neighbour.Filter.Document,
            mode.Body(direction).Place,
            $"{direction.BodyMode} is {mode.Body(direction).Value}, and the filter \"{neighbour.Other.Name}\" below {does} {direction.Word} bodies, so that the processor may be given compressed ones",
            "put ext_proc below that filter, or let the processor decode the body") with
        {
            Related = [RelatedPlace.At(neighbour.Filter.Document, neighbour.Other.Node, "the filter below")],
        };
}
