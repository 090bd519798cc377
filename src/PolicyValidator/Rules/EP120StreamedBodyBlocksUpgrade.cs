using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A streamed body where upgraded connections pass, in releases that hold the handshake.</summary>
internal sealed class EP120StreamedBodyBlocksUpgrade : Rule
{
    public override string Id => "EP120";
    public override string Name => "streamed-body-blocks-upgrade";
    public override Severity Severity => Severity.Warning;
    public override VersionSet Versions => VersionSet.Between("1.37.6", "1.37").And(VersionSet.Between("1.38.4", "1.38")).And(VersionSet.Between("1.39", "1.39"));
    public override Target ExampleTarget => Target.Parse("envoy=1.39")!;
    public override string Summary => "Some releases hold a WebSocket or CONNECT handshake while a body is STREAMED or FULL_DUPLEX_STREAMED.";
    public override string Why =>
        "These releases hold the headers until the first answer about the body, which an upgraded stream does not send before its handshake is through: the connection hangs. It was seen on 1.39.3 and is fixed in 1.40.0; 1.36.4, 1.37.0 and 1.38.3 do not hang.";
    public override IReadOnlyList<string> Sources => ["Envoy issues 45355 and 47048", "Envoy pull request 47060"];
    public override string Bad => """
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        stat_prefix: http
        route_config:
          virtual_hosts:
          - name: all
            domains: ["*"]
            routes:
            - match: {prefix: /}
              route:
                cluster: app
                upgrade_configs:
                - upgrade_type: websocket
        http_filters:
        - name: ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode:
              request_body_mode: STREAMED # EP120
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
              route:
                cluster: app
                upgrade_configs:
                - upgrade_type: websocket
        http_filters:
        - name: ext_proc
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
            grpc_service: {envoy_grpc: {cluster_name: processor}}
            processing_mode:
              request_body_mode: NONE
        - name: router
          typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        (from upgraded in UpgradedFilter.All(context.Policies)
        from direction in Direction.Both
        where upgraded.Mode.HasBody(direction, "STREAMED", "FULL_DUPLEX_STREAMED")
        select At(
            upgraded.Mode.Document,
            upgraded.Mode.Body(direction).Place,
            $"{direction.BodyMode} is {upgraded.Mode.Body(direction).Value} where upgrades to {upgraded.Upgrades} are allowed",
            "use Envoy 1.40.0 or later, set the body mode to NONE on routes with upgrades, or disable ext_proc there")).OncePerPlace();
}
