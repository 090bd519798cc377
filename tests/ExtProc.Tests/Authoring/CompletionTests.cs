using ExtProc.Testing;
using ExtProc.Tests.Pipeline;

namespace ExtProc.Tests.Authoring;

/// <summary>The completion hook runs once, however an exchange ended, and says how.</summary>
public sealed class CompletionTests
{
    private static readonly Func<Exchange, CancellationToken, ValueTask<Verdict>> Pass = (_, _) => Verdict.Continue;

    [Fact]
    public async Task An_exchange_seen_to_both_ends_is_complete()
    {
        Completion end = await EndOfAsync(new() { RequestHeaders = Pass, ResponseTrailers = Pass }, play => play.Request("POST", "/", "12345").Response(200, "123"));

        Assert.Equal((ExchangeOutcome.Completed, 5L, 3L, ""), (end.Outcome, end.RequestBytes, end.ResponseBytes, end.Reason));
    }

    [Fact]
    public async Task A_stream_that_Envoy_closes_early_has_ended_and_nobody_says_that_the_response_was_seen()
    {
        Completion end = await EndOfAsync(new() { RequestHeaders = Pass }, play => play.Request("POST", "/", "12345").CutAt(2).ResetAfter(2));

        Assert.Equal((ExchangeOutcome.Ended, 2L, 0L), (end.Outcome, end.RequestBytes, end.ResponseBytes));
    }

    [Fact]
    public async Task An_answer_says_who_gave_it_and_why()
    {
        Completion end = await EndOfAsync(new() { RequestHeaders = (_, _) => Verdict.Respond(new LocalResponse(403) { Details = "not_you" }) });

        Assert.Equal((ExchangeOutcome.Responded, "not_you", "Scripted"), (end.Outcome, end.Reason, end.Processor));
    }

    [Fact]
    public async Task An_answer_that_came_too_late_is_a_failure()
    {
        Completion end = await EndOfAsync(new() { ResponseBody = (_, _, _) => Verdict.Respond(403) }, play => play.Response(200, "123"));

        Assert.Equal((ExchangeOutcome.Failed, Reasons.ResponseStarted), (end.Outcome, end.Reason));
    }

    [Fact]
    public async Task A_failure_brings_what_was_thrown()
    {
        Completion end = await EndOfAsync(new() { RequestHeaders = (_, _) => throw new InvalidDataException("no") });

        Assert.Equal((ExchangeOutcome.Failed, Reasons.ProcessorFailed), (end.Outcome, end.Reason));
        Assert.IsType<InvalidDataException>(end.Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deadline_is_told_from_a_failure(bool listens)
    {
        var clock = new ManualClock();
        Completion end = await EndOfAsync(
            new()
            {
                RequestHeaders = async (_, cancellation) =>
                {
                    await Task.Delay(TimeSpan.FromDays(1), clock, listens ? cancellation : CancellationToken.None);
                    return Verdict.Continue;
                },
            },
            play => play.On(clock));

        Assert.Equal((ExchangeOutcome.TimedOut, Reasons.ProcessorTimeout, "Scripted"), (end.Outcome, end.Reason, end.Processor));
    }

    [Fact]
    public async Task A_hook_that_fails_keeps_no_other_from_running()
    {
        bool ran = false;
        Seen seen = await Play.Through(
            () => new Scripted { RequestHeaders = Pass, Completed = (_, _) => throw new InvalidDataException("no") },
            () => new Scripted { RequestHeaders = Pass, Completed = (_, _) => ran = true }).RunAsync();

        Assert.True(ran);
        Assert.Equal(PlayOutcome.Passed, seen.Outcome);
        Assert.Single(seen.Logs);
    }

    private static async Task<Completion> EndOfAsync(Scripted script, Func<Play, Play>? change = null)
    {
        List<Completion> ends = [];
        var hooked = new Scripted
        {
            RequestHeaders = script.RequestHeaders, ResponseBody = script.ResponseBody, ResponseTrailers = script.ResponseTrailers,
            Completed = (_, completion) => ends.Add(completion),
        };
        await (change ?? (play => play))(Play.Through(() => hooked)).RunAsync();
        return Assert.Single(ends);
    }
}
