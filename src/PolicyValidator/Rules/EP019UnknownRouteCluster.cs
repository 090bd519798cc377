namespace PolicyValidator.Rules;

/// <summary>A route of the file itself to a cluster that is not in it.</summary>
internal sealed class EP019UnknownRouteCluster : Rule
{
    public override string Id => "EP019";
    public override string Name => "unknown-route-cluster";
    public override Severity Severity => Severity.Error;
    public override string Summary => "A route that a bootstrap holds itself leads to a cluster of that bootstrap.";
    public override string Why => "Envoy checks the clusters of static routes when it loads. It does not check the cluster of the processor: that one fails at run time.";
    public override IReadOnlyList<string> Sources => ["RouteConfiguration.validate_clusters"];
    public override string Bad => Example("upstreem # EP019");
    public override string Good => Example("upstream");

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from root in context.Policies.Bootstraps
        where context.Policies.HasFilters(root.Document) && !root.Config.Has("dynamic_resources.cds_config")
        let clusters = root.Config.Messages("static_resources.clusters").Select(cluster => cluster.String("name").Value).ToHashSet(StringComparer.Ordinal)
        join route in context.Policies.RouteClusters on root.Document equals route.Document
        where !clusters.Contains(route.Cluster.Value)
        select At(route.Document, route.Cluster.Place, $"no cluster of this file is called '{route.Cluster.Value}'", "write the name of a cluster under static_resources, or add the cluster");

    private static string Example(string cluster) => $$$"""
        static_resources:
          listeners:
          - address: {socket_address: {address: 127.0.0.1, port_value: 10000}}
            filter_chains:
            - filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: http
                  route_config:
                    virtual_hosts:
                    - name: all
                      domains: ["*"]
                      routes:
                      - match: {prefix: /}
                        route:
                          cluster: {{{cluster}}}
                  http_filters:
                  - name: envoy.filters.http.ext_proc
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                      grpc_service:
                        google_grpc: {target_uri: "processor:9000", stat_prefix: processor}
                  - name: envoy.filters.http.router
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
          clusters:
          - name: upstream

        """;
}
