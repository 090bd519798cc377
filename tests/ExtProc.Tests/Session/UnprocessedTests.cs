using ExtProc.Pipeline;
using ExtProc.Processors;
using ExtProc.Testing;

namespace ExtProc.Tests.Session;

/// <summary>
/// Nothing that a processor must see passes it by: over all modes, what was declared of them (right, wrong, nothing), Envoy's versions, and
/// the shapes of a message, a redactor whose failure fails the exchange lets the word through only where Envoy never asks.
/// </summary>
public sealed class UnprocessedTests
{
    private const string Word = "secret", Body = "a secret and a secret";

    private static readonly BodySendMode[] Modes = Enum.GetValues<BodySendMode>();

    private static readonly HeaderSendMode[] HeaderModes = [HeaderSendMode.Send, HeaderSendMode.Skip];

    private static readonly Version Old = new(1, 36), New = new(1, 40);

    /// <summary>What is declared of overrides and of the version, what the version is, and whether the filter takes overrides.</summary>
    private static readonly (bool IsAllowed, Version? Declared, Version Real, bool IsTaken)[] Overrides =
    [
        (false, null, New, true),
        .. from declared in new[] { null, Old, New } from real in new[] { Old, New } from taken in new[] { true, false } select (true, declared, real, taken),
    ];

    private static readonly Func<Play, Play>[] Timings =
    [
        play => play,
        play => play.Pipelined(),
        play => play.WithEarlyBodies(),
        play => play.EndingOnEmptyChunk(),
        play => play.RespondingAfter(0),
        play => play.RespondingAfter(1).Pipelined(),
        play => play.Buffering(9),
        play => play.InRandomBursts(7),
        play => play.WithoutProtocolConfig(),
    ];

    public static TheoryData<BodySendMode, BodySendMode> Pairs
    {
        get
        {
            var data = new TheoryData<BodySendMode, BodySendMode>();
            foreach ((BodySendMode request, BodySendMode response) in from request in Modes from response in Modes select (request, response))
            {
                data.Add(request, response);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_redactor_that_must_not_fail_never_lets_the_word_by(BodySendMode request, BodySendMode response)
    {
        int played = 0;
        foreach ((HeaderSendMode requestHeaders, HeaderSendMode responseHeaders) in from first in HeaderModes from second in HeaderModes select (first, second))
        {
            ProcessingMode real = PlaySettings.ModesOf(request, response) with { RequestHeaderMode = requestHeaders, ResponseHeaderMode = responseHeaders };
            foreach (Play shape in Shapes())
            {
                foreach (var over in Overrides)
                {
                    foreach (ProcessingMode? declared in new[] { null, real, Wrong(real) })
                    {
                        Func<Play, Play> timing = Timings[played++ % Timings.Length];
                        Play play = timing(shape.In(real).Envoy(envoy => envoy with { ProcessingMode = declared, AllowModeOverride = over.IsAllowed, Version = over.Declared }).BehindEnvoy(over.Real));
                        await RequireProcessedAsync(over.IsTaken ? play : play.IgnoringModeOverrides(), declared == real || play.Settings.SaysModes);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(BodySendMode.None)]
    [InlineData(BodySendMode.Grpc)]
    public async Task Where_an_override_is_proven_it_is_asked_for_and_every_shape_is_redacted(BodySendMode mode)
    {
        foreach (Play shape in Shapes())
        {
            foreach (Func<Play, Play> timing in Timings.Where(timing => timing(shape).Settings is { SaysModes: true, ResponseAfterChunks: null }))
            {
                Seen seen = await timing(shape.In(mode).Envoy(envoy => envoy with { AllowModeOverride = true, Version = New })).RunAsync();

                Assert.Empty(seen.Violations);
                Assert.Equal(PlayOutcome.Passed, seen.Outcome);
                Assert.DoesNotContain(Word, seen.Upstream.Body + seen.Client.Body, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Headers_are_answered_when_the_body_that_was_asked_for_has_begun()
    {
        Seen seen = await Redacting(OnError.Fail, BodiesOf.Request).Request("POST", "/", "a secret").In(BodySendMode.None)
            .Envoy(envoy => envoy with { AllowModeOverride = true, Version = New }).RunAsync();

        string[] kinds = [.. seen.Transcript.Split('\n').Select(line => line.Split([' ', '('], 3) is [var side, var kind, ..] ? $"{side} {kind}" : line)];
        Assert.True(Array.IndexOf(kinds, "> reqB") < Array.IndexOf(kinds, "< reqh"), seen.Transcript);
        Assert.Equal((PlayOutcome.Passed, "a [redacted]"), (seen.Outcome, seen.Upstream.Body));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("1.36.4", false)]
    [InlineData("1.39.3", false)]
    [InlineData(null, true)]
    public async Task Where_nothing_proves_an_override_the_exchange_is_refused_before_its_headers_are_answered(string? declared, bool skipsResponseHeaders)
    {
        ProcessingMode modes = new() { ResponseHeaderMode = skipsResponseHeaders ? HeaderSendMode.Skip : HeaderSendMode.Send };
        Seen seen = await Redacting(OnError.Fail, BodiesOf.Request).Request("POST", "/", Body).In(modes).IgnoringModeOverrides()
            .Envoy(envoy => envoy with { ProcessingMode = modes, AllowModeOverride = true, Version = declared is null ? null : Version.Parse(declared) }).RunAsync();

        Assert.Equal((PlayOutcome.Failed, false), (seen.Outcome, seen.Upstream.Arrived));
        Assert.Contains(seen.Logs, line => line.Contains("envoy.trustModeOverride: true", StringComparison.Ordinal));
        Assert.Equal(Reasons.ModeUnsupported, seen.Completion.Reason);
    }

    [Theory]
    [InlineData(OnError.Skip, PlayOutcome.Passed, Body)]
    [InlineData(OnError.Respond, PlayOutcome.Responded, "")]
    public async Task What_may_be_left_out_or_answered_is(OnError onError, PlayOutcome outcome, string upstream)
    {
        Seen seen = await Redacting(onError, BodiesOf.Request).Request("POST", "/", Body).Response(204).In(BodySendMode.None).IgnoringModeOverrides()
            .Envoy(envoy => envoy with { AllowModeOverride = true }).RunAsync();

        Assert.Equal((outcome, upstream), (seen.Outcome, seen.Upstream.Body));
        Assert.NotEmpty(seen.Notes);
    }

    [Fact]
    public async Task One_processor_that_must_not_be_left_out_is_enough_to_refuse()
    {
        PipelineDefinition pipeline = new("two", [StepOf(OnError.Skip, BodiesOf.Request), StepOf(OnError.Fail, BodiesOf.Request)]);
        Seen seen = await Play.Through(pipeline).Request("POST", "/", Body).In(BodySendMode.None).Envoy(envoy => envoy with { AllowModeOverride = true }).RunAsync();

        Assert.Equal((PlayOutcome.Failed, false), (seen.Outcome, seen.Upstream.Arrived));
    }

    [Theory]
    [InlineData(HeaderSendMode.Send)]
    [InlineData(HeaderSendMode.Skip)]
    public async Task A_request_whose_response_will_not_be_shown_is_refused_while_it_can_be(HeaderSendMode responseHeaders)
    {
        Seen seen = await Redacting(OnError.Fail, BodiesOf.Response).Response(200, Body).In(new ProcessingMode { ResponseHeaderMode = responseHeaders }).RunAsync();

        Assert.Equal((PlayOutcome.Failed, false), (seen.Outcome, seen.Upstream.Arrived));
        Assert.Contains(seen.Logs, line => line.Contains("response_body_mode NONE", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_that_was_not_shown_is_missed_when_its_response_comes()
    {
        Seen seen = await Redacting(OnError.Fail, BodiesOf.Request).Request("POST", "/", Body).In(new ProcessingMode { RequestHeaderMode = HeaderSendMode.Skip }).RunAsync();

        Assert.Equal(PlayOutcome.Failed, seen.Outcome);
        Assert.Contains(seen.Logs, line => line.Contains("the response came without its request", StringComparison.Ordinal));
    }

    /// <summary>Envoy 1.37 and 1.38 close the stream with the answer to the response's headers where nothing else of the response is sent.</summary>
    [Theory]
    [InlineData("1.36.4", BodySendMode.None, PlayOutcome.Passed)]
    [InlineData("1.37.0", BodySendMode.None, PlayOutcome.Failed)]
    [InlineData("1.38.3", BodySendMode.None, PlayOutcome.Failed)]
    [InlineData("1.38.3", BodySendMode.FullDuplexStreamed, PlayOutcome.Passed)]
    [InlineData("1.39.3", BodySendMode.None, PlayOutcome.Passed)]
    public async Task A_response_that_begins_early_does_not_let_the_rest_of_the_request_by(string version, BodySendMode response, PlayOutcome outcome)
    {
        Seen seen = await Redacting(OnError.Fail, BodiesOf.Request).Request("POST", "/", Body).Response(200, "answer").CutAt(Direction.Request, 5, 18)
            .In(BodySendMode.FullDuplexStreamed, response).Envoy(envoy => envoy with { Version = Version.Parse(version) }).RespondingAfter(1).RunAsync();

        Assert.Equal(outcome, seen.Outcome);
        Assert.Equal(outcome is PlayOutcome.Failed, seen.Logs.Any(line => line.Contains($"Envoy {version} passes the rest of it unprocessed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_body_that_goes_on_after_its_content_length_does_not_pass_unprocessed()
    {
        Seen seen = await Redacting(OnError.Fail, BodiesOf.Request).Replay(
            """
            > reqH [:method=POST :scheme=http :authority=play.test :path=/ content-length=3] protocol_config{req=STREAMED res=NONE}
            > reqB(3) "aaa"
            > reqB(6,e) "secret"
            """).RunAsync();

        Assert.Equal(PlayOutcome.Failed, seen.Outcome);
        Assert.Contains(Reasons.ProtocolViolation, seen.GrpcMessage, StringComparison.Ordinal);
        Assert.DoesNotContain(Word, seen.Upstream.Body, StringComparison.Ordinal);
    }

    private static async Task RequireProcessedAsync(Play play, bool isModeKnown)
    {
        Seen seen = await play.RunAsync();
        ProcessingMode modes = play.Settings.Modes;
        bool requestIsHidden = modes.RequestHeaderMode is HeaderSendMode.Skip && modes.RequestBodyMode is BodySendMode.None or BodySendMode.Grpc;
        bool responseIsHidden = modes.ResponseHeaderMode is HeaderSendMode.Skip && modes.ResponseBodyMode is BodySendMode.None or BodySendMode.Grpc;

        // A response of which nothing is shown can be kept back only by its request, before it begins.
        bool isAsked = seen.Transcript.Contains("> ", StringComparison.Ordinal) && !(responseIsHidden && (requestIsHidden || play.Settings.ResponseAfterChunks is not null));

        // Before 1.34 a wrong declaration is all there is to go by; no such Envoy is supported.
        string? leak = !isModeKnown ? null
            : !requestIsHidden && seen.Upstream.Body.Contains(Word, StringComparison.Ordinal) ? "the upstream got the word"
            : isAsked && seen.Client.Body.Contains(Word, StringComparison.Ordinal) ? "the client got the word"
            : seen.Outcome is PlayOutcome.Hung ? "it hung"
            : null;
        Assert.True(leak is null, $"{leak}\n{modes}\n{play.Settings.Envoy}\nreal {play.Settings.RealVersion}, overrides ignored: {play.Settings.IgnoresModeOverrides}\n{seen}");
    }

    private static IEnumerable<Play> Shapes()
    {
        Play play = Redacting(OnError.Fail, BodiesOf.Both);
        (string, string)[] none = [], trailers = [("x-end", "1")];
        yield return play.Response(204);
        yield return play.Response(200, Body);
        yield return play.Request("POST", "/", "").Response(200, "");
        yield return play.Request("POST", "/", Body).Response(200, Body).CutAt(5, 18).WithContentLength();
        yield return play.Request("POST", "/", Body).Response(200, Body).CutAt(5, 18);
        yield return play.Request("POST", "/", Body, none, trailers).Response(200, Body, none, trailers).CutAt(5, 18);
        yield return play.Request("POST", "/", null, none, trailers).Response(200, Body, none, trailers);
    }

    /// <summary>What a filter elsewhere might say.</summary>
    private static ProcessingMode Wrong(ProcessingMode real) => PlaySettings.ModesOf(Other(real.RequestBodyMode), Other(real.ResponseBodyMode));

    private static BodySendMode Other(BodySendMode mode) => mode is BodySendMode.Buffered ? BodySendMode.None : BodySendMode.Buffered;

    private static Play Redacting(OnError onError, BodiesOf bodies) => Play.Through(new PipelineDefinition("redact", [StepOf(onError, bodies)]));

    private static PipelineStep StepOf(OnError onError, BodiesOf bodies) => new(
        ProcessorKind.Of<ReplaceProcessor, ReplaceOptions>("replace", isShared: true), new ReplaceOptions { Text = Word, By = "[redacted]", In = bodies, Untyped = UntypedBody.Text }, onError);
}
