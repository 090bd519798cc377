using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Hazards;

/// <summary>What is said of settings that let one client cost the others their exchanges (docs/shared-connection.md).</summary>
public sealed class SharedConnectionTests
{
    private static readonly string[] Looked = ["EP165", "EP291", "EP292"];

    [Theory]
    [InlineData("", "outlier_detection: {max_ejection_percent: 100}\ncommon_lb_config: {healthy_panic_threshold: {value: 0}}", "EP165")]
    [InlineData("", "outlier_detection: {max_ejection_percent: 100, enforcing_consecutive_5xx: 0}\ncommon_lb_config: {healthy_panic_threshold: {value: 0}}", "")]
    [InlineData("", "outlier_detection: {always_eject_one_host: true}\ncommon_lb_config: {healthy_panic_threshold: {}}", "EP165")]
    [InlineData("", "outlier_detection: {always_eject_one_host: false}\ncommon_lb_config: {healthy_panic_threshold: {}}", "")]
    [InlineData("", "outlier_detection: {max_ejection_percent: 100}", "")]
    [InlineData("", "common_lb_config: {healthy_panic_threshold: {value: 0}}", "")]
    [InlineData("failure_mode_allow: true", "", "")]
    [InlineData("failure_mode_allow: true", "circuit_breakers: {}", "EP291")]
    [InlineData("failure_mode_allow: true", "circuit_breakers: {thresholds: [{max_requests: 100}]}", "EP291")]
    [InlineData("failure_mode_allow: true", "circuit_breakers: {thresholds: [{max_connections: 5}]}", "EP291")]
    [InlineData("failure_mode_allow: true", "circuit_breakers: {thresholds: [{priority: HIGH, max_requests: 9000}]}", "EP291")]
    [InlineData("failure_mode_allow: true", "circuit_breakers: {thresholds: [{priority: HIGH, max_requests: 9}, {max_requests: 9000}]}", "")]
    [InlineData("failure_mode_allow: true\nobservability_mode: true", "circuit_breakers: {}", "")]
    [InlineData("failure_mode_allow: false", "circuit_breakers: {}", "")]
    [InlineData("", "circuit_breakers: {thresholds: [{max_requests: 100}]}", "")]
    [InlineData("", "common_http_protocol_options: {max_stream_duration: 30s}", "EP292")]
    [InlineData("", "commonHttpProtocolOptions: {maxStreamDuration: 30s}", "EP292")]
    [InlineData("", "common_http_protocol_options: {max_stream_duration: 0s}", "")]
    [InlineData("", "common_http_protocol_options: {idle_timeout: 30s}", "")]
    public void A_setting_is_told_of_where_clients_can_use_it(string filter, string cluster, string ids)
    {
        string[] found = [.. Linter.Lint([new SourceText("envoy.yaml", Bootstrap(filter, cluster))], Target.Parse("envoy=1.40")!, new LintOptions())
            .Findings.Select(finding => finding.Rule.Id).Where(Looked.Contains).Distinct()];

        Assert.Equal(ids, string.Join(' ', found));
    }

    private const string Template = """
        static_resources:
          listeners:
          - name: http
            filter_chains:
            - filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: http
                  route_config: {}
                  http_filters:
                  - name: ext_proc
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                      grpc_service: {envoy_grpc: {cluster_name: processor}}
                      FILTER
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
          clusters:
          - name: processor
            http2_protocol_options: {}
            load_assignment: {cluster_name: processor, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 9000}}}}]}]}
            CLUSTER
        """;

    private static string Bootstrap(string filter, string cluster) => Template
        .Replace("FILTER", filter.ReplaceLineEndings("\n              "), StringComparison.Ordinal)
        .Replace("CLUSTER", cluster.ReplaceLineEndings("\n    "), StringComparison.Ordinal);
}
