using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>Two ext_proc filters in a row that both stream.</summary>
internal sealed class EP175TwoStreamedFiltersLoseBody : Rule
{
    public override string Id => "EP175";
    public override string Name => "two-streamed-filters-lose-body";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Between("1.38", "1.38");
    public override Target ExampleTarget => Target.Parse("envoy=1.38")!;
    public override string Summary => "On 1.38 two ext_proc filters must not both have the same body STREAMED.";
    public override string Why =>
        "On 1.38.3 whole bodies are lost when there are trailers or 64 KiB of body, with status 200. 1.36.4, 1.37.0, 1.39.3 and 1.40.0 are right.";
    public override IReadOnlyList<string> Sources => ["Envoy issue 41654"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        stat_prefix: http
        route_config:
          virtual_hosts:
          - name: all
            domains: ["*"]
            routes:
            - match: {prefix: /}
              route: {cluster: app}
        http_filters:
        - name: first
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode:
              request_body_mode: STREAMED
        - name: second
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode:
              request_body_mode: STREAMED # EP175
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;
    public override string Good => """
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        stat_prefix: http
        route_config:
          virtual_hosts:
          - name: all
            domains: ["*"]
            routes:
            - match: {prefix: /}
              route: {cluster: app}
        http_filters:
        - name: first
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode:
              request_body_mode: BUFFERED
        - name: second
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode:
              request_body_mode: STREAMED
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from stacked in StackedFilter.All(context.Policies, (upper, lower) => Direction.Both.Any(direction => Clash(upper, lower, direction)))
        let directions = stacked.Directions(Clash)
        select At(
            stacked.Filter.Document,
            stacked.Mode.Body(directions[0]).Place,
            $"{string.Join(" and ", directions.Select(direction => $"{direction.BodyMode} is {stacked.Mode.Body(direction).Value}"))} here, and streamed by {stacked.Others} too",
            $"use Envoy 1.39 or later, or BUFFERED in {stacked.AllButOne}") with
        {
            Related = stacked.Places(mode => mode.Body(directions[0]).Place),
        };

    private static bool Clash(WrittenMode upper, WrittenMode lower, Direction direction) =>
        upper.HasBody(direction, "STREAMED") && lower.HasBody(direction, "STREAMED");
}
