using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using ExtProc.EndToEnd.Wire;
using Xunit.Abstractions;

namespace ExtProc.EndToEnd;

/// <summary>
/// Both ends offer much more than the other reads, in both directions at once: what waits, waits where it comes from. Server and Envoy
/// say how much memory they came to.
/// </summary>
public sealed class SlowReaderTests(EnvoyLab lab, ITestOutputHelper output) : LabTests(lab)
{
    private const long OfferedBytes = 1L << 30;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public Task Twenty_exchanges_that_nobody_reads_fast_stay_within_the_budget(string version) => RunAsync(version, 20, 128, TimeSpan.FromSeconds(5));

    [Theory]
    [Trait("Run", "all")]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public Task Two_hundred_exchanges_that_nobody_reads_fast_stay_within_the_budget(string version) => RunAsync(version, 200, 512, TimeSpan.FromSeconds(30));

    private Task RunAsync(string version, int count, int budgetMiB, TimeSpan time) =>
        VisitAsync(version, Scenes.Named($"budget-{budgetMiB}MiB"), async visit =>
        {
            Check.Ok("warm", (await visit.SendAsync(ClientProtocol.Http2, UpstreamProtocol.Http2, Call.Post("/echo", "warm"u8.ToArray()))).Answer);
            (long server, long envoy) = (visit.Server.ResidentBytes, visit.Envoy.ResidentBytes);
            using var over = CancellationTokenSource.CreateLinkedTokenSource(visit.Cancel);
            Task[] exchanges = [.. Enumerable.Range(0, count).Select(number => OfferAsync(visit, number, over.Token))];
            over.CancelAfter(time);
            (long serverMost, long envoyMost) = await PeakAsync(visit, over.Token);
            await Task.WhenAll(exchanges).WaitAsync(visit.Cancel);

            output.WriteLine($"{count} exchanges for {time.TotalSeconds} s behind Envoy {version}: the server grew by {(serverMost - server) >> 20} MiB, Envoy by {(envoyMost - envoy) >> 20} MiB");
            Assert.InRange((serverMost - server) >> 20, 0, budgetMiB);
            Check.Ok("next", (await visit.SendAsync(ClientProtocol.Http1, UpstreamProtocol.Http1, Call.Post("/echo", "next"u8.ToArray()))).Answer);
        });

    private static async Task<(long Server, long Envoy)> PeakAsync(Visit visit, CancellationToken over)
    {
        long server = 0, envoy = 0;
        do
        {
            (server, envoy) = (Math.Max(server, visit.Server.ResidentBytes), Math.Max(envoy, visit.Envoy.ResidentBytes));
        }
        while (await SleepAsync(over));
        return (server, envoy);
    }

    private static async Task OfferAsync(Visit visit, int number, CancellationToken over)
    {
        var (client, upstream) = Cases.Protocols[number % Cases.Protocols.Count];
        string testId = Visit.NextTestId();
        visit.Upstream.Answer(testId, (call, ended) => AnswerAsync(call, over, ended));
        var exchange = await visit.OpenAsync(client);
        await exchange.SendHeadAsync(Call.Post("/much").HeadFor(Topology.AuthorityOf(upstream), testId) with { HasBody = true }, visit.Cancel);
        await Task.WhenAll(UntilOverAsync(() => WriteMuchAsync(exchange.WriteAsync, over)), UntilOverAsync(() => ReadSlowlyAsync(exchange, over)));
        await exchange.AbortAsync(visit.Cancel);
    }

    private static async Task AnswerAsync(UpstreamCall call, CancellationToken over, CancellationToken ended)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over, ended);
        await call.StartAsync(200, [], ended);
        await Task.WhenAll(
            UntilOverAsync(() => WriteMuchAsync(call.WriteAsync, either.Token)),
            UntilOverAsync(async () =>
            {
                while (await call.ReadAsync(either.Token) is not null && await SleepAsync(either.Token))
                {
                    // A piece now and then.
                }
            }));
    }

    private static async Task WriteMuchAsync(Func<ReadOnlyMemory<byte>, CancellationToken, Task> write, CancellationToken over)
    {
        byte[] piece = Pattern.Bytes(64 << 10);
        for (long sent = 0; sent < OfferedBytes; sent += piece.Length)
        {
            await write(piece, over);
        }
    }

    private static async Task ReadSlowlyAsync(ClientExchange exchange, CancellationToken over)
    {
        await exchange.ReadHeadAsync(over);
        while (await exchange.ReadAsync(over) is not null && await SleepAsync(over))
        {
            // A piece now and then.
        }
    }

    private static async Task<bool> SleepAsync(CancellationToken over)
    {
        await Task.Delay(Pause, TimeProvider.System, over).ContinueWith(static _ => { }, TaskScheduler.Default);
        return !over.IsCancellationRequested;
    }

    /// <summary>The end of the time may come in the middle of a read or write, here or at the other end.</summary>
    private static async Task UntilOverAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception cut) when (cut is OperationCanceledException or CutShortException or IOException)
        {
            // It was broken off.
        }
    }
}
