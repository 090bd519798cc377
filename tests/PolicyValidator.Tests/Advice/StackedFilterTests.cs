using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Advice;

/// <summary>Where several filters do not go together, what is said grows with the filters and not with their pairs.</summary>
public sealed class StackedFilterTests
{
    private const string Duplex = "request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND, response_body_mode: FULL_DUPLEX_STREAMED, response_trailer_mode: SEND";

    private const string Trailers = "request_trailer_mode: SEND";

    [Theory]
    [InlineData("EP149", "envoy=1.38", Duplex, 2)]
    [InlineData("EP149", "envoy=1.36", Duplex, 4)]
    [InlineData("EP149", "envoy=1.33", Duplex, 40)]
    [InlineData("EP175", "envoy=1.38", "request_body_mode: STREAMED, response_body_mode: STREAMED", 2)]
    [InlineData("EP175", "envoy=1.38", "request_body_mode: STREAMED, response_body_mode: STREAMED", 9)]
    [InlineData("EP176", "envoy=1.40", Trailers, 2)]
    [InlineData("EP176", "envoy=1.39", Trailers, 7)]
    public void Each_filter_below_another_has_one_finding(string id, string target, string mode, int filters)
    {
        Finding[] found = Found(id, target, Enumerable.Repeat(mode, filters));
        Assert.Equal(filters - 1, found.Length);
        Assert.Equal(found.Length, found.Select(finding => finding.Pointer).Distinct().Count());
        Assert.All(found, finding => Assert.InRange(finding.Related.Count, 1, 8));
    }

    [Fact]
    public void It_names_the_others_and_both_directions()
    {
        Finding last = Found("EP149", "envoy=1.38", [Duplex, "", Duplex, "request_body_mode: STREAMED"])[^1];
        Assert.Equal("request_body_mode is STREAMED here, and streamed by 2 ext_proc filters above (\"filter0\", \"filter2\") too", last.Message);
        Assert.Equal("use Envoy 1.39 or later, or BUFFERED with SKIP for its trailers in all but one of these 3 filters", last.Help);
        Assert.Equal(["the filter \"filter0\"", "the filter \"filter2\""], last.Related.Select(place => place.Message));
        Finding second = Found("EP149", "envoy=1.38", [Duplex, Duplex])[0];
        Assert.Equal("request_body_mode is FULL_DUPLEX_STREAMED and response_body_mode is FULL_DUPLEX_STREAMED here, and streamed by the ext_proc filter \"filter0\" above too", second.Message);
    }

    private static Finding[] Found(string id, string target, IEnumerable<string> modes)
    {
        string text = $$$"""
            static_resources:
              listeners:
              - name: http
                filter_chains:
                - filters:
                  - name: http
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: http
                      http_protocol_options: {enable_trailers: true}
                      route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: app}}]}]}
                      http_filters:
            {{{string.Concat(modes.Select(Entry))}}}
                      - {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
              clusters:
              - {name: app}
            """;
        return [.. Linter.Lint([new SourceText("envoy.yaml", text)], Target.Parse(target)!, new LintOptions()).Findings.Where(finding => finding.Rule.Id == id)];
    }

    private static string Entry(string mode, int at) => $$$"""
                      - name: filter{{{at}}}
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                          grpc_service: {envoy_grpc: {cluster_name: processor}}
                          processing_mode: { {{{mode}}} }

            """;
}
