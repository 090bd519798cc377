using ExtProc.Pipeline;
using ExtProc.Testing;
using ExtProc.Tests.Pipeline;

namespace ExtProc.Tests.Session;

/// <summary>What real Envoys do that a server does not expect, one test each.</summary>
public sealed class SurpriseTests
{
    private static readonly Play PassThrough = Play.Through().Request("POST", "/", "aaabbbccc").Response(200, "upstream-body");

    public static TheoryData<BodySendMode> Modes => [BodySendMode.None, BodySendMode.Streamed, BodySendMode.Buffered, BodySendMode.BufferedPartial, BodySendMode.FullDuplexStreamed];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task An_empty_last_chunk_is_answered(BodySendMode mode) => AssertPassed(await PassThrough.In(mode).CutAt(3, 6).EndingOnEmptyChunk().RunAsync());

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Trailers_end_a_direction_whose_body_never_had_an_end(BodySendMode mode)
    {
        Seen seen = await Play.Through().Request("POST", "/", "aaabbbccc", trailers: [("x-reqt", "1")]).Response(200, "upstream-body", trailers: [("x-rest", "2")]).In(mode).CutAt(3, 6).RunAsync();

        AssertPassed(seen);
        Assert.Equal(("1", "2"), (seen.Upstream.Trailer("x-reqt"), seen.Client.Trailer("x-rest")));
    }

    [Theory]
    [InlineData(BodySendMode.None)]
    [InlineData(BodySendMode.Streamed)]
    [InlineData(BodySendMode.Buffered)]
    [InlineData(BodySendMode.BufferedPartial)]
    public async Task With_trailers_skipped_no_message_has_an_end_and_nothing_waits_for_it(BodySendMode mode)
    {
        Seen seen = await Play.Through(Scripted.Upper).Request("POST", "/", "aaabbbccc", trailers: [("x-reqt", "1")]).Response(200, "upstream-body", trailers: [("x-rest", "2")])
            .In(new ProcessingMode { RequestBodyMode = mode, ResponseBodyMode = mode }).CutAt(3, 6).RunAsync();

        Assert.DoesNotContain(",e)", seen.Transcript, StringComparison.Ordinal);
        Assert.Empty(seen.Violations);
        if (mode is BodySendMode.None)
        {
            Assert.Equal(PlayOutcome.Failed, seen.Outcome);
            return;
        }

        Assert.Equal(("AAABBBCCC", "UPSTREAM-BODY"), (seen.Upstream.Body, seen.Client.Body));
    }

    [Fact]
    public async Task A_response_may_begin_before_the_request_body_that_a_mode_override_asked_for()
    {
        Seen seen = await Play.Through(Scripted.UpperRequest).Envoy(envoy => envoy with { AllowModeOverride = true, TrustModeOverride = true }).Replay(
            """
            > reqH [:method=POST :scheme=http :authority=play.test :path=/ content-length=3] protocol_config{req=NONE res=NONE}
            > resH(200) [:status=200]
            > reqB(3,e) "aaa"
            """).RunAsync();

        Assert.Contains("mode_override{req=FULL_DUPLEX_STREAMED", seen.Transcript, StringComparison.Ordinal);
        Assert.Equal((PlayOutcome.Passed, "AAA", 200), (seen.Outcome, seen.Upstream.Body, seen.Client.Status));
        Assert.Empty(seen.Violations);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Response_headers_may_be_the_only_message(BodySendMode mode)
    {
        Seen seen = await Play.Through(() => new Scripted { ResponseHeaders = Tag }).Response(403).LocalReplyFirst().In(mode).RunAsync();

        Assert.Equal((PlayOutcome.Passed, "yes", 403), (seen.Outcome, seen.Client["x-tag"], seen.Client.Status));
        Assert.Empty(seen.Violations);

        static ValueTask<Verdict> Tag(Exchange exchange, CancellationToken cancellation)
        {
            Assert.Equal(("", "", false), (exchange.Method, exchange.Path, exchange.RequestHeaders.IsReceived));
            exchange.ResponseHeaders.Set("x-tag", "yes");
            return Verdict.Continue;
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_reset_after_any_message_is_a_normal_end(BodySendMode mode)
    {
        for (int messages = 1; messages < 8; messages++)
        {
            ExchangeOutcome? outcome = null;
            Seen seen = await Play.Through(() => new Scripted { RequestHeaders = (_, _) => Verdict.Continue, Completed = (_, completion) => outcome = completion.Outcome })
                .Request("POST", "/", "aaabbbccc").Response(200, "upstream-body").In(mode).CutAt(3, 6).ResetAfter(messages).RunAsync();

            Assert.Empty(seen.Violations);
            Assert.Empty(seen.Logs);
            Assert.Null(seen.GrpcStatus);
            Assert.True(outcome is ExchangeOutcome.Ended or ExchangeOutcome.Completed, $"after {messages} messages: {outcome}");
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_half_close_ends_with_OK_when_nothing_is_owed(BodySendMode mode)
    {
        Seen seen = await PassThrough.In(mode).CutAt(3, 6).HalfCloseAfter(2).RunAsync();

        Assert.Equal(0, seen.GrpcStatus);
        Assert.Empty(seen.Logs);
    }

    [Fact]
    public async Task A_stream_is_never_ended_with_OK_while_full_duplex_chunks_are_held()
    {
        Seen seen = await Play.Through(() => new Scripted { Needs = needs => needs.RequestBody = BodyNeed.Whole(100), RequestBody = (_, _, _) => Verdict.Continue })
            .Request("POST", "/", "aaabbbccc").CutAt(3, 6).HalfCloseAfter(3).RunAsync();

        Assert.NotEqual(0, seen.GrpcStatus);
        Assert.Contains(Reasons.BytesHeldAtEnd, seen.GrpcMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OnError.Fail)]
    [InlineData(OnError.Skip)]
    [InlineData(OnError.Respond)]
    public async Task A_failing_processor_never_ends_a_full_duplex_stream_with_OK(OnError onError)
    {
        Seen seen = await Play.Through(() => new Scripted { RequestBody = (_, body, _) => body.Position < 3 ? Verdict.Continue : throw new InvalidDataException("no") })
            .Request("POST", "/", "aaabbbccc").Response(200, "upstream-body").CutAt(3, 6).OnError(onError).RunAsync();

        Assert.Empty(seen.Violations);
        Assert.NotEqual(0, seen.GrpcStatus);
        Assert.Equal(onError is OnError.Skip, seen.Upstream is { EndedCleanly: true, Body: "aaabbbccc" });
    }

    [Fact]
    public async Task A_body_that_came_before_the_headers_answer_is_one_streamed_chunk()
    {
        Seen seen = await Play.Through(Scripted.Upper).Request("POST", "/", "aaabbbccc").Response(200, "upstream-body").In(BodySendMode.Streamed).CutAt(3, 6).WithEarlyBodies().RunAsync();

        AssertPassed(seen, "AAABBBCCC", "UPSTREAM-BODY");
        Assert.Contains("> reqB(9,e)", seen.Transcript, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Response_headers_may_come_between_request_chunks(BodySendMode mode)
    {
        if (mode is BodySendMode.Buffered or BodySendMode.BufferedPartial)
        {
            return; // one request chunk: there is no between
        }

        Seen seen = await PassThrough.In(mode).CutAt(3, 6).RespondingAfter(1).RunAsync();

        AssertPassed(seen);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Modes_that_Envoy_does_not_say_are_taken_from_the_declaration(BodySendMode mode)
    {
        ProcessingMode modes = new() { RequestBodyMode = mode, ResponseBodyMode = mode, RequestTrailerMode = HeaderSendMode.Send, ResponseTrailerMode = HeaderSendMode.Send };

        AssertPassed(await PassThrough.In(modes).Envoy(envoy => envoy with { ProcessingMode = modes }).WithoutProtocolConfig().CutAt(3, 6).RunAsync());
    }

    [Theory]
    [InlineData(BodySendMode.None)]
    [InlineData(BodySendMode.Streamed)]
    [InlineData(BodySendMode.Buffered)]
    [InlineData(BodySendMode.BufferedPartial)]
    public async Task An_Envoy_that_says_nothing_of_its_modes_gets_one_answer_a_message(BodySendMode mode) =>
        AssertPassed(await PassThrough.In(mode).WithoutProtocolConfig().CutAt(3, 6).RunAsync());

    [Theory]
    [InlineData(BodySendMode.None)]
    [InlineData(BodySendMode.Streamed)]
    public async Task An_observed_exchange_is_never_answered(BodySendMode mode)
    {
        long seenBytes = 0;
        Seen seen = await Play.Through(() => new Scripted
        {
            Needs = needs => needs.ReadOnly = true,
            RequestHeaders = (_, _) => Verdict.Continue,
            RequestBody = (_, body, _) => { seenBytes += body.Length; return Verdict.Continue; },
            ResponseTrailers = (_, _) => Verdict.Continue,
        }).Request("POST", "/", "aaabbbccc").Response(200, "upstream-body", trailers: [("x-t", "1")]).In(mode).CutAt(3, 6).Observed().RunAsync();

        AssertPassed(seen);
        Assert.DoesNotContain("\n<", seen.Transcript, StringComparison.Ordinal);
        Assert.Equal(mode is BodySendMode.Streamed ? 9 : 0, seenBytes);
    }

    [Fact]
    public async Task A_body_may_begin_a_direction_whose_headers_are_skipped()
    {
        foreach (BodySendMode mode in (BodySendMode[])[BodySendMode.Streamed, BodySendMode.Buffered, BodySendMode.BufferedPartial, BodySendMode.FullDuplexStreamed])
        {
            ProcessingMode modes = new()
            {
                RequestHeaderMode = HeaderSendMode.Skip, ResponseHeaderMode = HeaderSendMode.Skip,
                RequestTrailerMode = HeaderSendMode.Send, ResponseTrailerMode = HeaderSendMode.Send, RequestBodyMode = mode, ResponseBodyMode = mode,
            };
            AssertPassed(await Play.Through(Scripted.Upper).Request("POST", "/", "aaabbbccc").Response(200, "upstream-body").In(modes).CutAt(3, 6).RunAsync(), "AAABBBCCC", "UPSTREAM-BODY");
        }
    }

    [Fact]
    public async Task BUFFERED_PARTIAL_over_its_limit_shows_one_part_and_the_rest_passes() =>
        AssertPassed(await Play.Through(Scripted.Upper).Request("POST", "/", "aaabbbccc").Response(200, "up").In(BodySendMode.BufferedPartial).Buffering(4).RunAsync(), "AAABbbccc", "UP");

    private static void AssertPassed(Seen seen, string request = "aaabbbccc", string response = "upstream-body")
    {
        Assert.Empty(seen.Violations);
        Assert.Equal(PlayOutcome.Passed, seen.Outcome);
        Assert.Equal((request, true), (seen.Upstream.Body, seen.Upstream.EndedCleanly));
        Assert.Equal((response, true), (seen.Client.Body, seen.Client.EndedCleanly));
        Assert.Empty(seen.Logs);
    }
}
