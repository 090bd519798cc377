namespace PolicyValidator.Tests.Advice;

/// <summary>Connection managers with an ext_proc filter or two, in which every two settings that rules look at stand together.</summary>
internal static class FaultyFilters
{
    private static readonly string[] Settings =
    [
        "observability_mode: true",
        "failure_mode_allow: true",
        "send_body_without_waiting_for_header_response: true",
        "allow_mode_override: true",
        "allowed_override_modes: [{request_body_mode: BUFFERED}]",
        "allowed_override_modes: [{request_body_mode: FULL_DUPLEX_STREAMED}]",
        "message_timeout: 1s",
        "deferred_close_timeout: 2s",
        "mutation_rules: {disallow_all: true}",
        "disable_immediate_response: true",
    ];

    private static readonly string[] Modes =
    [
        "{}",
        "{request_header_mode: SKIP, response_header_mode: SKIP}",
        "{request_body_mode: STREAMED}",
        "{request_body_mode: STREAMED, request_trailer_mode: SEND}",
        "{request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND}",
        "{request_body_mode: FULL_DUPLEX_STREAMED}",
        "{request_body_mode: BUFFERED, response_body_mode: STREAMED}",
        "{request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND, response_body_mode: FULL_DUPLEX_STREAMED, response_trailer_mode: SEND}",
        "{response_body_mode: GRPC}",
        "{request_trailer_mode: SEND}",
    ];

    private static readonly string[] Routes =
    [
        "",
        ", retry_policy: {retry_on: 5xx}",
    ];

    /// <summary>All of them, as YAML.</summary>
    public static IEnumerable<string> All => Alone.Concat(Stacked);

    private static IEnumerable<string> Stacked =>
        from upper in Modes
        from lower in Modes
        from count in (int[])[1, 3]
        select Manager([.. new[] { upper }.Concat(Enumerable.Repeat(lower, count)).Select(mode => $"grpc_service: {{envoy_grpc: {{cluster_name: p}}}}, processing_mode: {mode}")], "");

    private static IEnumerable<string> Alone =>
        from mode in Modes
        from first in Enumerable.Range(0, Settings.Length)
        from second in Enumerable.Range(first, Settings.Length - first)
        where first == second || Settings[first].Split(':')[0] != Settings[second].Split(':')[0]
        let filter = $"grpc_service: {{envoy_grpc: {{cluster_name: p}}, timeout: 3s}}, processing_mode: {mode}, {Settings[first]}{(first == second ? "" : $", {Settings[second]}")}"
        from route in Routes.Take(mode.Contains("STREAMED", StringComparison.Ordinal) ? 2 : 1)
        select Manager([filter], route);

    /// <summary>A connection manager with such filters.</summary>
    /// <param name="filters">What stands in the configurations of its filters, in braces.</param>
    /// <param name="route">What else stands in its route.</param>
    private static string Manager(IReadOnlyList<string> filters, string route) => $$$"""
        "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
        stat_prefix: http
        route_config:
          virtual_hosts:
          - {name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: app{{{route}}}}}]}
        http_filters:
        {{{string.Join('\n', filters.Select(Entry))}}}
        - {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}

        """;

    private static string Entry(string filter, int at) =>
        $$$"""- {name: filter{{{at}}}, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor, {{{filter}}} }}""";
}
