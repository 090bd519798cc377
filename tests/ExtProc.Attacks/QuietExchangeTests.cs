using Envoy.Runner;
using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using ExtProc.Tests.Transport;

namespace ExtProc.Attacks;

/// <summary>
/// Exchanges in which nothing happens for seconds (an upstream that thinks, an event stream) live on while others use the memory budget up:
/// who has many calls makes room before who has few.
/// </summary>
public sealed class QuietExchangeTests
{
    private const int QuietOnes = 20, CallsOfOne = 3900, Connections = 5;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    /// <summary>What each of the many calls sends besides its headers.</summary>
    public static TheoryData<string, int> Bodies => new() { { "headers that a processor is busy with", 0 }, { "a body behind them", 40 << 10 } };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task They_live_on_beside_thousands_of_calls(string what, int bodyBytes)
    {
        int scarce = 0;
        await using ExtProcServerProcess server = await ExtProcServerProcess.StartAsync(
            Configs.Budget + Configs.Holding.Pipeline, onLine: line => Interlocked.Add(ref scarce, line.Contains("the memory budget is scarce", StringComparison.Ordinal) ? 1 : 0));
        await using RawHttp2Client envoy = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream[] quiet = await Task.WhenAll(Enumerable.Range(0, QuietOnes).Select(_ => BeginAsync(envoy)));
        using CancellationTokenSource over = new(Longest);
        await using Target target = new(server.Port, server.AdminPort, isLong: true, over.Token);
        await FillAsync(target, bodyBytes).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

        Assert.True(Volatile.Read(ref scarce) > 0, $"{what}: the budget was not used up; {target.Connections} connections sent {target.SentBytes} bytes");
        foreach (RawStream exchange in quiet)
        {
            await exchange.SendAsync(Requests.ResponseHeaders(endOfStream: true).Framed(), endStream: true);
            await exchange.EndAsync();
            Assert.True(exchange is { ResetCode: null, GrpcStatus: 0 }, $"{what}: one ended with {exchange.ResetCode ?? exchange.GrpcStatus}");
        }
    }

    private static async Task<RawStream> BeginAsync(RawHttp2Client envoy)
    {
        RawStream call = await envoy.CallAsync(Peer.Process);
        await call.SendAsync(Requests.RequestHeaders(endOfStream: true).Framed());
        await call.ReceivedAsync(1);
        return call;
    }

    // Whoever is ended comes again, until the time is up.
    private static Task FillAsync(Target target, int bodyBytes)
    {
        byte[] call = Requests.RequestHeaders(more: ("x-extproc-instruct", "request-headers=stall")).Framed();
        if (bodyBytes > 0)
        {
            call = [.. call, .. Requests.RequestBody(Google.Protobuf.ByteString.CopyFrom(new byte[bodyBytes])).Framed()];
        }

        return Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            while (true)
            {
                await KeepFullAsync(await target.PeerAsync(), call);
            }
        }));
    }

    private static async Task KeepFullAsync(Peer peer, byte[] call)
    {
        Queue<int> open = new();
        while (!peer.Gone)
        {
            await peer.UntilAsync(() => peer.Gone || open.Count < CallsOfOne || peer.IsOver(open.Peek()));
            if (open.Count >= CallsOfOne)
            {
                open.Dequeue();
            }

            int stream = await peer.OpenAsync();
            await peer.SendAsync(stream, call);
            open.Enqueue(stream);
        }
    }
}
