using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A processor of requests below a cache filter.</summary>
internal sealed class EP152RequestsHiddenByCache : Rule
{
    public override string Id => "EP152";
    public override string Name => "requests-hidden-by-cache";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "A processor that is to see requests stands above the cache filter.";
    public override string Why =>
        "Of every GET and HEAD that the cache filter handles, hit or miss, the processor below it is never sent the request, also with cache-control: no-cache or no-store: one that refuses or changes requests is passed by. Requests with authorization and of other methods reach it. Measured on 1.36.4 and 1.40.0.";
    public override IReadOnlyList<string> Sources => ["CacheConfig", "CacheV2Config", "HttpConnectionManager.http_filters"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        stat_prefix: http
        route_config: {}
        http_filters:
        - name: cache
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.cache.v3.CacheConfig}
        - name: ext_proc # EP152
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode: {response_header_mode: SKIP}
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
            processing_mode: {response_header_mode: SKIP}
        - name: cache
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.cache.v3.CacheConfig}
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from neighbour in ChainNeighbour.All(context.Policies, "cache", "cache_v2")
        where neighbour.IsAbove && Sees(WrittenMode.Of(neighbour.Filter), Direction.Request)
        select At(
            neighbour.Filter.Document,
            neighbour.Filter.Entry!.Field("name") ?? neighbour.Filter.Entry!,
            $"the cache filter \"{neighbour.Other.Name}\" above keeps the requests that it handles from this processor, on a miss too",
            "put ext_proc above the cache filter, or set request_header_mode: SKIP if only responses are to be processed") with
        {
            Related = [RelatedPlace.At(neighbour.Filter.Document, neighbour.Other.Node, "the filter above")],
        };

    private static bool Sees(WrittenMode mode, Direction direction) => mode.SendsHeaders(direction) || !mode.HasBody(direction, "NONE", "GRPC");
}
