using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A buffered body where upgraded connections pass.</summary>
internal sealed class EP119BufferedBodyBlocksUpgrade : Rule
{
    public override string Id => "EP119";
    public override string Name => "buffered-body-blocks-upgrade";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "A BUFFERED or BUFFERED_PARTIAL body cannot pass a WebSocket, CONNECT or other upgrade.";
    public override string Why =>
        "The body of an upgraded stream never ends, so Envoy waits for it until stream_idle_timeout and answers 408; with a buffered response the 101 is held as long. message_timeout does not end this.";
    public override IReadOnlyList<string> Sources => ["ProcessingMode.BodySendMode", "Envoy issue 47081"];
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
              request_body_mode: BUFFERED # EP119
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
        where upgraded.Mode.HasBody(direction, "BUFFERED", "BUFFERED_PARTIAL")
        select At(
            upgraded.Mode.Document,
            upgraded.Mode.Body(direction).Place,
            $"{direction.BodyMode} is {upgraded.Mode.Body(direction).Value} where upgrades to {upgraded.Upgrades} are allowed",
            "set the body mode to NONE on routes with upgrades, or disable ext_proc there")).OncePerPlace();
}
