using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A processor that requests answered from a cache do not reach.</summary>
internal sealed class EP284AnsweredFromCache : Rule
{
    public override string Id => "EP284";
    public override string Name => "answered-from-cache";
    public override Severity Severity => Severity.Hint;
    public override string Summary => "A processor that has to see every request stands above a cache filter.";
    public override string Why => "What the cache filter above answers never reaches ext_proc: neither the request nor the response is processed, and what is served is what was processed for somebody else.";
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
        - name: cache
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.cache.v3.CacheConfig}
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from neighbour in ChainNeighbour.All(context.Policies, "cache", "cache_v2")
        where neighbour.IsAbove
        select At(
            neighbour.Filter.Document,
            neighbour.Filter.Entry!.Field("name") ?? neighbour.Filter.Entry!,
            $"the cache filter \"{neighbour.Other.Name}\" above answers what it has without asking this processor",
            "put ext_proc above the cache filter, or leave it if only what goes upstream is to be processed") with
        {
            Related = [RelatedPlace.At(neighbour.Filter.Document, neighbour.Other.Node, "the filter above")],
        };
}
