namespace PolicyValidator.Rules;

/// <summary>Two ext_proc filters that count into the same counters.</summary>
internal sealed class EP265StatPrefixShared : Rule
{
    public override string Id => "EP265";
    public override string Name => "stat-prefix-shared";
    public override Severity Severity => Severity.Hint;
    public override string Summary => "Two ext_proc filters of one list should have stat_prefixes of their own.";
    public override string Why =>
        "Their counters are added up under one name, so nobody can tell which of the two failed.";
    public override IReadOnlyList<string> Sources => ["ExternalProcessor.stat_prefix"];
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
            stat_prefix: processor
        - name: second
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            stat_prefix: processor # EP265
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
            stat_prefix: first
        - name: second
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            stat_prefix: second
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from same in context.Policies.Filters
            .Where(filter => filter.List is not null && filter.Config.String("stat_prefix").Value.Length > 0)
            .GroupBy(filter => (filter.List!.Node, filter.Config.String("stat_prefix").Value))
        from filter in same.Skip(1)
        let prefix = filter.Config.String("stat_prefix")
        select At(
            filter.Document,
            prefix.Place,
            $"stat_prefix \"{prefix.Value}\" is that of another ext_proc filter of this list",
            "give each of the filters a stat_prefix of its own") with
        {
            Related = [RelatedPlace.At(filter.Document, same.First().Config.PlaceOf("stat_prefix"), "the first of them")],
        };
}
