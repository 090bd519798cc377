using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Server;

/// <summary>A server's times and sizes beside those of its filter: what neither file says counts with its default.</summary>
public sealed class ServerLimitsTests
{
    private const string Headers = "pipeline:\n- name: headers\n  request: {set: {x-a: b}}\n";

    private const string Filter = "grpc_service: {envoy_grpc: {cluster_name: p}}\n";

    [Theory]
    [InlineData("", "", 1)]
    [InlineData("limits: {handlerTimeout: 10s}\n", "", 1)]
    [InlineData("limits: {handlerTimeout: 200ms}\n", "", 0)]
    [InlineData("limits: {handlerTimeout: 201ms}\n", "", 1)]
    [InlineData("", "message_timeout: 10s\n", 0)]
    [InlineData("", "message_timeout: 9s\n", 1)]
    [InlineData("", "observability_mode: true\n", 0)]
    [InlineData("", "max_message_timeout: 20s\n", 1)]
    [InlineData("envoy: {maxMessageTimeout: 20s}\n", "max_message_timeout: 20s\n", 0)]
    [InlineData("", "processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND, response_body_mode: FULL_DUPLEX_STREAMED, response_trailer_mode: SEND}\n", 0)]
    public void Envoy_s_and_the_server_s_patience_are_compared(string server, string filter, int count) =>
        Assert.Equal(count, Found("EP186", Headers + server, Filter + filter).Length);

    [Theory]
    [InlineData("pipeline: [{name: replace, text: a, by: b, in: response}]\n", "processing_mode: {response_body_mode: STREAMED}\n", "\"replace\"")]
    [InlineData("pipeline: [{name: replace, text: a}, {name: headers, request: {remove: [a]}}]\n", "processing_mode: {request_body_mode: STREAMED}\n", "\"replace\", \"headers\"")]
    [InlineData(Headers, "", "\"headers\"")]
    public void What_an_observer_s_server_would_change_is_told_once(string server, string filter, string names)
    {
        string[] texts = [Filter + filter + "observability_mode: true\nfailure_mode_allow: true\n", server];
        Finding finding = Assert.Single(Linter.Lint([new SourceText("e.yaml", texts[0]), new SourceText("extproc.yaml", texts[1])], Target.Newest, new LintOptions()).Findings, found => found.Rule.Id is "EP163" or "EP154");
        Assert.Equal(("EP163", Severity.Warning), (finding.Rule.Id, finding.Severity));
        Assert.Contains($"({names})", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pipeline: [{name: my-counter}]\n", "observability_mode: true\n")]
    [InlineData("pipeline: [{name: headers}]\n", "observability_mode: true\n")]
    [InlineData(Headers, "observability_mode: false\n")]
    public void A_server_that_only_watches_may_stand_behind_an_observer(string server, string filter) => Assert.Empty(Found("EP163", server, Filter + filter));

    [Fact]
    public void Defaults_of_both_are_named_as_such()
    {
        Finding finding = Assert.Single(Found("EP186", Headers, Filter + "processing_mode: {request_header_mode: SEND}\n"));
        Assert.Equal((Severity.Warning, "Envoy waits 0.2s, its default, for an answer, and a processor of the server may take 10s, the server's default"), (finding.Severity, finding.Message));
    }

    [Theory]
    [InlineData("", "request_body_mode: BUFFERED", 0)]
    [InlineData("transport: {receiveLimitBytes: 1MiB}\n", "request_body_mode: BUFFERED", 0)]
    [InlineData("transport: {receiveLimitBytes: 512KiB}\n", "request_body_mode: BUFFERED", 1)]
    [InlineData("transport: {receiveLimitBytes: 4MiB}\n", "request_body_mode: BUFFERED_PARTIAL", 1)]
    [InlineData("transport: {receiveLimitBytes: 4MiB}\n", "response_body_mode: STREAMED", 1)]
    [InlineData("transport: {receiveLimitBytes: 17MiB}\n", "response_body_mode: STREAMED", 0)]
    [InlineData("transport: {receiveLimitBytes: 64KiB}\n", "request_body_mode: NONE", 0)]
    public void The_largest_message_has_room_in_the_server_s_limit(string server, string modes, int count) =>
        Assert.Equal(count, Found("EP156", Headers + server, $"{Filter}processing_mode: {{{modes}}}\n").Length);

    [Theory]
    [InlineData("STREAMED", "request", "requests without content-length (chunked, or HTTP/2 without a length) fail")]
    [InlineData("STREAMED", "response", "answers without content-length (server-sent events, chunked, gRPC, upgrades) fail")]
    [InlineData("BUFFERED_PARTIAL", "request", "request bodies over the connection's buffer limit, of which only the beginning is sent, fail")]
    [InlineData("BUFFERED_PARTIAL", "response", "response bodies over the connection's buffer limit, of which only the beginning is sent, fail")]
    public void The_traffic_for_which_a_processor_fails_is_named_with_the_modes_that_would_do(string mode, string direction, string traffic)
    {
        Finding finding = Assert.Single(Found("EP154", $"pipeline:\n- {{name: replace, text: secret, in: {direction}}}\n", $"{Filter}processing_mode: {{{direction}_body_mode: {mode}}}\n"));
        Assert.Equal(Severity.Warning, finding.Severity);
        Assert.EndsWith(traffic, finding.Message, StringComparison.Ordinal);
        Assert.Equal($"set {direction}_body_mode to FULL_DUPLEX_STREAMED with {direction}_trailer_mode: SEND, or to BUFFERED", finding.Help);
    }

    [Theory]
    [InlineData("allowModeOverride: true, version: 1.40.0", "true", 0)]
    [InlineData("allowModeOverride: true, version: 1.40.0", "false", 1)]
    [InlineData("allowModeOverride: true, version: 1.39.3", "true", 1)]
    [InlineData("allowModeOverride: true, trustModeOverride: true", "true", 0)]
    [InlineData("version: 1.40.0", "true", 1)]
    public void Where_the_server_asks_for_full_duplex_from_STREAMED_nothing_fails(string declared, string allows, int count) => Assert.Equal(count, Found(
        "EP154",
        $"pipeline:\n- {{name: replace, text: secret, in: response}}\nenvoy: {{{declared}}}\n",
        $"{Filter}allow_mode_override: {allows}\nprocessing_mode: {{response_body_mode: STREAMED}}\n").Length);

    [Theory]
    [InlineData("text: secret", "BUFFERED")]
    [InlineData("text: secret", "FULL_DUPLEX_STREAMED, response_trailer_mode: SEND")]
    public void Modes_that_serve_all_traffic_are_clean(string options, string mode) =>
        Assert.Empty(Found("EP154", $"pipeline:\n- {{name: replace, {options}, in: response}}\n", $"{Filter}processing_mode: {{response_body_mode: {mode}}}\n"));

    private static Finding[] Found(string rule, string server, string filter) =>
    [
        .. Linter.Lint([new SourceText("extproc.yaml", server), new SourceText("filter.yaml", filter)], Target.Newest, new LintOptions()).Findings.Where(finding => finding.Rule.Id == rule),
    ];
}
