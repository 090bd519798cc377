using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Advice;

/// <summary>What is said to filters that only watch, and to those that tell their processor more than Envoy acts on.</summary>
public sealed class ObserverTests
{
    [Theory]
    [InlineData("observability_mode: true, processing_mode: {request_body_mode: STREAMED}", "EP212")]
    [InlineData("observability_mode: true, failure_mode_allow: true, processing_mode: {request_body_mode: STREAMED}", "")]
    [InlineData("observability_mode: true, failure_mode_allow: true, processing_mode: {response_body_mode: STREAMED, response_trailer_mode: SEND}", "")]
    [InlineData("observability_mode: true, failure_mode_allow: true, processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND}", "EP111")]
    [InlineData("failure_mode_allow: true, processing_mode: {request_body_mode: STREAMED}", "EP127")]
    [InlineData("send_body_without_waiting_for_header_response: true, processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND}", "EP134")]
    [InlineData("send_body_without_waiting_for_header_response: true, processing_mode: {request_body_mode: BUFFERED}", "EP134")]
    [InlineData("send_body_without_waiting_for_header_response: true, processing_mode: {request_body_mode: STREAMED}", "")]
    public void A_filter_has_these_findings(string filter, string ids) =>
        Assert.Equal(ids, string.Join(' ', Found(filter).Select(finding => finding.Rule.Id)));

    [Fact]
    public void What_the_processor_is_told_is_a_hint_that_says_both()
    {
        Finding finding = Assert.Single(Found("send_body_without_waiting_for_header_response: true, processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND}"));
        Assert.Equal(Severity.Hint, finding.Severity);
        Assert.Contains("the processor is told of it all the same", finding.Message, StringComparison.Ordinal);
        Assert.Contains("protocol_config", finding.Help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("observability_mode: true, failure_mode_allow: true", "delete it")]
    [InlineData("processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND}", "delete it")]
    [InlineData("processing_mode: {request_body_mode: BUFFERED}", "use message_timeout")]
    public void A_deadline_is_advised_where_answers_are_timed(string filter, string help) =>
        Assert.StartsWith(help, Assert.Single(Found(filter, "timeout: 3s"), finding => finding.Rule.Id == "EP245").Help, StringComparison.Ordinal);

    private static IReadOnlyList<Finding> Found(string filter, string service = "") => Linter.Lint(
        [new SourceText("filter.yaml", $$$"""{"@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor, grpc_service: {envoy_grpc: {cluster_name: p}, {{{service}}} }, {{{filter}}} }""")],
        Target.Newest,
        new LintOptions()).Findings;
}
