using System.Globalization;
using ExtProc.Pipeline;
using ExtProc.Testing;
using ExtProc.Tests.Pipeline;

namespace ExtProc.Tests.Session;

/// <summary>
/// A busy handler runs on a thread of its own while the session reads on. Whatever the handler decides, the session learns of it when
/// the part has ended, and not in between. Where the two meet is a matter of chance, so each case is played many times.
/// </summary>
public sealed class TwoThreadsTests
{
    private const int Chunks = 40;

    private static readonly string Body = string.Concat(Enumerable.Range(0, Chunks).Select(at => at.ToString("00", CultureInfo.InvariantCulture)));

    private static readonly int[] Cuts = [.. Enumerable.Range(1, Chunks - 1).Select(at => 2 * at)];

    [Fact]
    public Task Bytes_keep_their_order_when_an_asynchronous_handler_stops_looking() => PartAsync(0, 2_000);

    [Fact]
    [Trait("Run", "all")]
    public Task Bytes_keep_their_order_in_30_000_exchanges() => PartAsync(2_000, 30_000);

    private static Task PartAsync(int firstSeed, int count) => ManyAsync(count, async at =>
    {
        int seed = firstSeed + at;
        var random = new Random(seed);
        Func<Processor>[] processors = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => PartingProcessor(random.Next()))];
        int[] cuts = random.Next(2) == 0 ? Cuts : [.. Cuts.Where(_ => random.Next(3) == 0)];
        Play play = Play.Through(processors).OnError(OnError.Skip).Request("POST", "/", Body).Response(200, Body).CutAt(cuts);
        play = random.Next(3) switch { 0 => play.InRandomBursts(seed), _ => play.Pipelined() };
        play = random.Next(2) == 0 ? play.RespondingAfter(random.Next(3)) : play;

        Seen seen = await play.RunAsync();

        Assert.True((seen.Outcome, seen.Upstream.Body, seen.Client.Body) == (PlayOutcome.Passed, Body, Body), $"seed {seed}: {seen}");
    });

    /// <summary>Passes some chunks, each on a thread of its own, then stops looking in one of the ways that there are; changes nothing.</summary>
    private static Func<Processor> PartingProcessor(int seed)
    {
        var random = new Random(seed);
        int parting = random.Next(3), chunks = random.Next(3), holdBytes = random.Next(2) * 5;
        bool inRequest = random.Next(2) == 0, flushes = random.Next(4) == 0;
        return () =>
        {
            int seen = 0;
            async ValueTask<Verdict> LookAsync(Exchange exchange, Body body, CancellationToken cancellation)
            {
                await Task.Yield();
                if (flushes)
                {
                    body.Pass(body.Length / 2);
                    await body.FlushAsync(cancellation);
                }

                if (seen++ < chunks)
                {
                    body.Hold(Math.Min(body.Length, body.IsLast ? 0 : holdBytes));
                    return Verdict.Continue;
                }

                return parting switch
                {
                    0 => Verdict.SkipRest,
                    1 => Verdict.Leave,
                    _ => throw new InvalidDataException("it looks no further"),
                };
            }

            BodyNeed need = BodyNeed.Stream(holdBytes);
            return inRequest
                ? new Scripted { RequestBody = LookAsync, Needs = needs => needs.RequestBody = need }
                : new Scripted { ResponseBody = LookAsync, Needs = needs => needs.ResponseBody = need };
        };
    }

    /// <summary>The response's chunks pass while the handler writes, and each of their replies could carry what it has written so far.</summary>
    [Fact]
    public Task Metadata_that_a_busy_handler_writes_is_sent_when_its_part_has_ended() => ManyAsync(4, async _ =>
    {
        const int keys = 1_500;
        async ValueTask<Verdict> WriteAsync(Exchange exchange, Body body, CancellationToken cancellation)
        {
            if (body.Position != 10)
            {
                return Verdict.Continue; // the response's headers come before the one chunk that keeps this busy
            }

            for (int key = 0; key < keys; key++)
            {
                exchange.SetMetadata("busy", $"k{key}", key);
                if (key % 10 == 0)
                {
                    await Task.Yield();
                }
            }

            return Verdict.Continue;
        }

        string body = new('r', 6_000);
        Seen seen = await Play.Through(() => new Scripted { RequestBody = WriteAsync })
            .Request("POST", "/", Body).CutAt(Direction.Request, Cuts).Response(200, body).CutAt(Direction.Response, [.. Enumerable.Range(1, 5_999)]).RespondingAfter(1).RunAsync();

        Assert.Equal((PlayOutcome.Passed, body), (seen.Outcome, seen.Client.Body));
        Assert.Empty(seen.Logs);
        Assert.Single(seen.Transcript.Split('\n'), line => line.Contains(" metadata{", StringComparison.Ordinal));
        Assert.Equal(keys, seen.Metadata.Fields["busy"].StructValue.Fields.Count);
    });

    [Fact]
    public Task What_comes_and_what_a_busy_handler_sends_is_counted_whole() => ManyAsync(100, async at =>
    {
        static async ValueTask<Verdict> FlushAsync(Exchange exchange, Body body, CancellationToken cancellation)
        {
            await Task.Yield();
            body.Pass(body.Length);
            await body.FlushAsync(cancellation);
            return Verdict.Continue;
        }

        Seen seen = await Play.Through(() => new Scripted { RequestBody = FlushAsync }).Limits(limits => limits with { AddedBytes = 0 })
            .Request("POST", "/", Body).Response(200, Body).CutAt(Cuts).RespondingAfter(1).InRandomBursts(at).RunAsync();

        Assert.Equal((PlayOutcome.Passed, Body, Body), (seen.Outcome, seen.Upstream.Body, seen.Client.Body));
    });

    /// <summary>The time is over and the handler ends in the same moment: it is told to end when it has, or those behind it would be.</summary>
    [Fact]
    public Task A_handler_that_ends_just_when_its_time_is_over_harms_nobody_behind_it() => ManyAsync(200, async at =>
    {
        TimeSpan limit = TimeSpan.FromMilliseconds(1 + (at % 3));
        async ValueTask<Verdict> EndInTimeAsync(Exchange exchange, CancellationToken cancellation)
        {
            await Task.Delay(limit, CancellationToken.None);
            return Verdict.Continue;
        }

        Seen seen = await Play.Through(() => new Scripted { RequestHeaders = EndInTimeAsync }, () => new Scripted { RequestHeaders = static (_, _) => Verdict.Continue })
            .Limits(limits => limits with { HandlerTimeout = limit }).OnError(OnError.Skip).Request("GET").Response(200).RunAsync();

        Assert.Equal((PlayOutcome.Passed, null), (seen.Outcome, seen.GrpcStatus));
    });

    [Fact]
    public async Task A_handler_that_was_left_behind_writes_and_notes_nothing_any_more()
    {
        TaskCompletionSource isOver = new();
        TaskCompletionSource<(Exception? Flush, bool Extended)> after = new();
        async ValueTask<Verdict> DoNotListenAsync(Exchange exchange, Body body, CancellationToken cancellation)
        {
            await isOver.Task;
            exchange.Note("too late");
            body.Pass(body.Length);
            after.SetResult((await Record.ExceptionAsync(async () => await body.FlushAsync(CancellationToken.None)), exchange.TryExtendTime(TimeSpan.FromSeconds(1))));
            return Verdict.Continue;
        }

        TimeSpan moment = TimeSpan.FromMilliseconds(20);
        Seen seen = await Play.Through(() => new Scripted { RequestBody = DoNotListenAsync }).Request("POST", "/", Body).CutAt(Cuts)
            .Limits(limits => limits with { HandlerTimeout = moment, CloseTimeout = moment }).Envoy(envoy => envoy with { MaxMessageTimeout = TimeSpan.FromSeconds(5) }).RunAsync();
        IReadOnlyList<string> notes = seen.Notes;
        int count = notes.Count;
        isOver.SetResult();
        (Exception? flush, bool extended) = await after.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.IsAssignableFrom<OperationCanceledException>(flush);
        Assert.False(extended);
        Assert.Equal(count, notes.Count);
    }

    private static Task ManyAsync(int times, Func<int, Task> play) =>
        Parallel.ForAsync(0, times, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (at, _) => await play(at));
}
