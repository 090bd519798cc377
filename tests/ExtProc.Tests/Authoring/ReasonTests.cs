using System.Diagnostics.Metrics;
using System.Reflection;
using ExtProc.Pipeline;
using ExtProc.Telemetry;
using ExtProc.Testing;
using ExtProc.Tests.Pipeline;

namespace ExtProc.Tests.Authoring;

/// <summary>A refusal has one reason code, the same wherever somebody looks for it.</summary>
public sealed class ReasonTests
{
    /// <summary>Not a processor's doing, or with one end only; each has a test of its own.</summary>
    private static readonly string[] Elsewhere =
        [Reasons.Stalled, Reasons.DeadlinePassed, Reasons.MemoryBudget, Reasons.ReceivedLimit, Reasons.DecodingLimit, Reasons.Draining, Reasons.ProtocolViolation, Reasons.BytesHeldAtEnd, Reasons.OverrideMissed, Reasons.ResponseStarted, Reasons.BodyOverLimit];

    private static readonly Dictionary<string, Play> Plays = new()
    {
        [Reasons.HeadersGone] = InResponse(exchange => exchange.RequestHeaders.Set("x-late", "1")),
        [Reasons.HeadersAbsent] = InRequest(exchange => exchange.RequestTrailers.Set("x-invented", "1")),
        [Reasons.HeaderProtected] = InRequest(exchange => exchange.RequestHeaders.Set(":authority", "other")),
        [Reasons.HeaderLimit] = InRequest(exchange => exchange.RequestHeaders.Set("x-much", new string('x', 100_000))).Limits(limits => limits with { HeaderCount = 50 }),
        [Reasons.ModeUnsupported] = Through(Reading(BodyNeed.Whole(100), (_, _) => Verdict.Continue)).In(BodySendMode.Streamed),
        [Reasons.HoldRefused] = Through(Reading(BodyNeed.Stream(holdBytes: 1), (_, body) => Then(() => body.Hold(2)))).CutAt(2),
        [Reasons.OutputLimit] = Through(Reading(BodyNeed.Stream(), (_, body) => Then(() => body.Write(new byte[200_000])))).Limits(limits => limits with { HeldBytes = 64 << 10 }),
        [Reasons.BodyForbidden] = Through(() => new Scripted { ResponseBody = (_, body, _) => Then(() => body.Write("x"u8)) }).Response(204),
        [Reasons.ResponsesDisabled] = Through(() => new Scripted { RequestHeaders = (_, _) => Verdict.Respond(403) }).Envoy(envoy => envoy with { DisableImmediateResponse = true }),
        [Reasons.ChangeWithoutEffect] = Through(() => new Scripted { Needs = needs => needs.ReadOnly = true, RequestHeaders = (exchange, _) => Then(() => exchange.RequestHeaders.Set("x", "1")) }),
        [Reasons.ProcessorFailed] = InRequest(_ => throw new InvalidDataException("no")),
        [Reasons.ProcessorTimeout] = Through(() => new Scripted { RequestHeaders = WaitAsync }).Limits(limits => limits with { HandlerTimeout = TimeSpan.FromMilliseconds(50) }),
        [Reasons.EncodingFailed] = Through(Reading(BodyNeed.Stream(), (_, _) => Verdict.Continue)).Request("POST", "/", "text", headers: [("content-encoding", "gzip")]),
        [Reasons.BodyUnreadable] = Through(Reading(BodyNeed.Stream() with { Reads = BodyTypes.Json }, (_, _) => Verdict.Continue)).Request("POST", "/", "text", headers: [("content-type", "text/plain")]),
        [Reasons.OutOfTurn] = Through(() =>
        {
            Body? kept = null;
            return new Scripted { RequestBody = (_, body, _) => Then(() => kept = body), ResponseHeaders = (_, _) => Then(() => kept!.Pass(0)) };
        }),
    };

    public static TheoryData<string> Codes => [.. Plays.Keys];

    /// <summary>What cannot be read is answered also where a failure is not.</summary>
    public static TheoryData<string> FailingCodes => [.. Plays.Keys.Where(reason => reason is not Reasons.BodyUnreadable)];

    [Fact]
    public void Every_code_is_shown_by_a_test() => Assert.Equal(
        typeof(Reasons).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).Order(),
        Plays.Keys.Concat(Elsewhere).Order());

    [Theory]
    [MemberData(nameof(FailingCodes))]
    public async Task A_failure_says_its_code_in_status_log_notes_and_completion(string reason)
    {
        Seen seen = await Plays[reason].OnError(OnError.Fail).RunAsync();

        Assert.Equal(PlayOutcome.Failed, seen.Outcome);
        Assert.StartsWith($"{reason}: ", seen.GrpcMessage, StringComparison.Ordinal);
        Assert.Contains(seen.Logs, line => line.Contains($"exchange failed: {reason}: processor \"Scripted\"", StringComparison.Ordinal));
        AssertNoted(reason, seen);
        Assert.Equal((reason, "Scripted"), (seen.Completion.Reason, seen.Completion.Processor));
        Assert.Empty(seen.Violations);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task An_answer_says_its_code_in_details_notes_and_completion(string reason)
    {
        if (reason is Reasons.ResponsesDisabled)
        {
            return; // no answer is possible: it fails, as above
        }

        Seen seen = await Plays[reason].OnError(OnError.Respond).RunAsync();

        Assert.Equal((PlayOutcome.Responded, reason), (seen.Outcome, seen.Details));
        Assert.Equal(reason switch { Reasons.ProcessorTimeout => 504, Reasons.BodyUnreadable => 415, _ => 500 }, seen.Client.Status);
        AssertNoted(reason, seen);
        Assert.Equal((ExchangeOutcome.Responded, reason, "Scripted"), (seen.Completion.Outcome, seen.Completion.Reason, seen.Completion.Processor));
        Assert.Empty(seen.Violations);
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task A_processor_that_is_left_out_says_its_code_in_the_notes(string reason)
    {
        Seen seen = await Plays[reason].OnError(OnError.Skip).RunAsync();

        Assert.Equal((PlayOutcome.Passed, true, true), (seen.Outcome, seen.Client.EndedCleanly, seen.Upstream.EndedCleanly));
        AssertNoted(reason, seen);
        Assert.Empty(seen.Violations);
    }

    [Fact]
    public async Task Refusals_are_counted_by_processor_and_code()
    {
        List<string> counted = [];
        using MeterListener listener = Listening("counted", counted);

        await Play.Through(Named("counted", () => new Scripted
        {
            RequestHeaders = (exchange, _) => Then(() => exchange.RequestHeaders.Set("x", "1")),
            ResponseBody = (_, body, _) => Then(() => body.Replace("x"u8)),
        })).Response(200, "answer").In(BodySendMode.Streamed).Observed().RunAsync();

        Assert.Equal(["extproc.refusals 1 change_without_effect"], counted);
    }

    [Theory]
    [InlineData(OnError.Fail)]
    [InlineData(OnError.Skip)]
    public async Task A_body_that_cannot_be_read_is_counted_whether_refused_or_left_alone(OnError onError)
    {
        List<string> counted = [];
        using MeterListener listener = Listening("reader", counted);

        await Play.Through(Named("reader", () => new Scripted { Needs = needs => needs.RequestBody = BodyNeed.Stream() with { Reads = BodyTypes.Json }, RequestBody = (_, _, _) => Verdict.Continue }))
            .Request("POST", "/", "text", headers: [("content-type", "text/plain")]).OnError(onError).RunAsync();

        Assert.Equal(["extproc.refusals 1 body_unreadable"], counted);
    }

    [Fact]
    public void The_log_line_shows_notes() => Assert.Contains(
        " notes=\"mask: mode_unsupported; own note\" ",
        ExchangeLog.Line(new() { Notes = ["mask: mode_unsupported", "own note"] }),
        StringComparison.Ordinal);

    /// <summary>What is counted of one processor; other tests run at the same time.</summary>
    private static MeterListener Listening(string processor, List<string> counted)
    {
        var listener = new MeterListener { InstrumentPublished = (instrument, listening) => listening.EnableMeasurementEvents(instrument) };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (instrument.Meter.Name == ExchangeCounters.MeterName && tags.Contains(new("processor", processor)))
            {
                counted.Add($"{instrument.Name} {value} {tags[0].Value}");
            }
        });
        listener.Start();
        return listener;
    }

    private static void AssertNoted(string reason, Seen seen) => Assert.Equal([$"Scripted: {reason}{(reason is Reasons.BodyUnreadable ? ": the request body is text/plain" : "")}"], seen.Notes);

    private static Play Through(Func<Processor> create) => Play.Through(create).Request("POST", "/", "body").Response(200, "answer");

    private static Play InRequest(Action<Exchange> act) => Through(() => new Scripted { RequestHeaders = (exchange, _) => Then(() => act(exchange)) });

    private static Play InResponse(Action<Exchange> act) => Through(() => new Scripted { ResponseHeaders = (exchange, _) => Then(() => act(exchange)) });

    private static Func<Processor> Reading(BodyNeed need, Func<Exchange, Body, ValueTask<Verdict>> handler) =>
        () => new Scripted { Needs = needs => needs.RequestBody = need, RequestBody = (exchange, body, _) => handler(exchange, body) };

    private static PipelineDefinition Named(string name, Func<Processor> create) =>
        new("named", [new(new(name, typeof(Scripted), null, IsShared: false) { Create = create })]);

    private static ValueTask<Verdict> Then(Action act)
    {
        act();
        return Verdict.Continue;
    }

    private static async ValueTask<Verdict> WaitAsync(Exchange exchange, CancellationToken cancellation)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
        return Verdict.Continue;
    }
}
