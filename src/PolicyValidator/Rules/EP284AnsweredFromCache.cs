using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A processor of responses below a cache filter.</summary>
internal sealed class EP284AnsweredFromCache : Rule
{
    public override string Id => "EP284";
    public override string Name => "answered-from-cache";
    public override Severity Severity => Severity.Hint;
    public override string Summary => "What a processor below a cache filter makes of responses is not stored.";
    public override string Why => "The cache filter above stores what the upstream sent, not what the processor makes of it: the processor is sent the response each time, on a hit too, and has to do its work again for every client. Measured on 1.36.4 and 1.40.0.";
    public override IReadOnlyList<string> Sources => ["CacheConfig", "HttpConnectionManager.http_filters"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        stat_prefix: http
        route_config: {}
        http_filters:
        - name: cache
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.cache.v3.CacheConfig}
        - name: ext_proc # EP284
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode: {request_header_mode: SKIP}
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
            processing_mode: {request_header_mode: SKIP}
        - name: cache
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.cache.v3.CacheConfig}
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from neighbour in ChainNeighbour.All(context.Policies, "cache", "cache_v2")
        where neighbour.IsAbove && Sees(WrittenMode.Of(neighbour.Filter))
        select At(
            neighbour.Filter.Document,
            neighbour.Filter.Entry!.Field("name") ?? neighbour.Filter.Entry!,
            $"the cache filter \"{neighbour.Other.Name}\" above does not store what this processor makes of responses",
            "leave it if each answer is to be processed for its own client; else count with that work on every hit") with
        {
            Related = [RelatedPlace.At(neighbour.Filter.Document, neighbour.Other.Node, "the filter above")],
        };

    private static bool Sees(WrittenMode mode) => mode.SendsHeaders(Direction.Response) || !mode.HasBody(Direction.Response, "NONE", "GRPC");
}
