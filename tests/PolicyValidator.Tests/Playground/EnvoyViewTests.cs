using PolicyValidator.Playground;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Playground;

public sealed class EnvoyViewTests
{
    [Fact]
    public void A_message_is_shown_as_Envoy_read_it_and_not_as_it_was_written()
    {
        MessageAnswer message = Assert.Single(Messages("""
            name: guard
            typedConfig:
              "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
              messageTimeout: 0.250s
              failureModeAllow: yes
              statPrefix: ~
              processing_mode: { request_body_mode: 1, responseHeaderMode: skip }
              grpcService:
                googleGrpc:
                  targetUri: "processor:9002"
                  statPrefix: p
                  perStreamBufferLimitBytes: "1024"
                  channelArgs: { args: { one: { intValue: 7 } } }
                initialMetadata: { key: a, value: b }
              filterMetadata: { deep: [1, x, { y: off }] }
            """));
        Assert.Equal("Filter guard", message.Title);
        Assert.Equal("/typedConfig", message.Origin);
        Assert.Equal("""
            {
              "grpc_service": {
                "google_grpc": {
                  "target_uri": "processor:9002",
                  "stat_prefix": "p",
                  "per_stream_buffer_limit_bytes": 1024,
                  "channel_args": {
                    "args": {
                      "one": {
                        "int_value": "7"
                      }
                    }
                  }
                },
                "initial_metadata": [
                  {
                    "key": "a",
                    "value": "b"
                  }
                ]
              },
              "failure_mode_allow": true,
              "processing_mode": {
                "response_header_mode": "SKIP",
                "request_body_mode": "STREAMED"
              },
              "message_timeout": "0.25s",
              "filter_metadata": {
                "deep": [
                  1,
                  "x",
                  {
                    "y": false
                  }
                ]
              }
            }
            """, message.Json);
        Assert.Equal(
            ["request headers SEND *", "request body STREAMED", "request trailers SKIP *", "response headers SKIP", "response body NONE *", "response trailers SKIP *"],
            message.Modes.Select(mode => $"{mode.Direction} {mode.Part} {mode.Mode}{(mode.IsDefault ? " *" : "")}"));
    }

    [Fact]
    public void A_policy_is_shown_as_the_release_translates_it()
    {
        string json = Assert.Single(Messages(Example.All[0].Text, "eg=1.4.2")).Json;
        Assert.Contains("\"request_trailer_mode\": \"SEND\"", json, StringComparison.Ordinal);
        Assert.Contains("\"cluster_name\": \"envoyextensionpolicy/default/processor/extproc/0\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void A_per_route_config_that_leaves_the_mode_alone_shows_none() =>
        Assert.Empty(Assert.Single(Messages("""{"disabled": true}""")).Modes);

    private static IReadOnlyList<MessageAnswer> Messages(string text, string target = "envoy=1.40") =>
        new Trial(text, Target.Parse(target)!, false).Answer(CancellationToken.None).Messages;
}
