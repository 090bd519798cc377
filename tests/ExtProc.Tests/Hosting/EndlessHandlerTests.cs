using Envoy.Service.ExtProc.V3;
using ExtProc.Configuration;
using ExtProc.Tests.Pipeline;
using ExtProc.Tests.Transport;
using Google.Protobuf;

namespace ExtProc.Tests.Hosting;

/// <summary>Processors whose code does not come back must not keep a server from ending, nor others from being served.</summary>
public sealed class EndlessHandlerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_handler_that_keeps_its_thread_is_told_of_once_and_does_not_keep_the_server_from_ending()
    {
        using ManualResetEventSlim never = new();
        await using Served served = await Served.StartAsync(Short, new Scripted
        {
            RequestHeaders = (_, _) =>
            {
                never.Wait(Patience, CancellationToken.None);
                return Verdict.Continue;
            },
        });
        await using var client = await RawHttp2Client.ConnectAsync(served.Port);
        RawStream exchange = await BeginAsync(client);
        Assert.NotNull((await exchange.EndAsync()).ResetCode);

        await served.StopAsync().WaitAsync(Patience);

        Assert.Single(served.Lines, line => line.Contains("a handler has kept its thread", StringComparison.Ordinal));
        Assert.Single(served.Lines, line => line.Contains("1 exchanges have not ended, although they were asked to", StringComparison.Ordinal));
        never.Set();
    }

    [Fact]
    public async Task A_completion_hook_that_does_not_end_is_left_behind()
    {
        await using Served served = await Served.StartAsync(Short, new EndlessHook());
        await using var client = await RawHttp2Client.ConnectAsync(served.Port);
        RawStream exchange = await BeginAsync(client);
        await exchange.ReceivedAsync(1);
        await exchange.SendAsync([], endStream: true);

        Assert.Equal(0, (await exchange.EndAsync()).GrpcStatus);
        Assert.Single(served.Lines, line => line.Contains("completion hook of processor endlesshook failed", StringComparison.Ordinal));
    }

    private static ExtProcOptions Short(ExtProcOptions options) => options with
    {
        Limits = new() { HandlerTimeout = TimeSpan.FromMilliseconds(100), CloseTimeout = TimeSpan.FromMilliseconds(100) },
        Drain = new() { Delay = TimeSpan.Zero, Timeout = TimeSpan.FromMilliseconds(100) },
        Rehearsal = new() { Timeout = TimeSpan.Zero },
    };

    private static async Task<RawStream> BeginAsync(RawHttp2Client client)
    {
        RawStream exchange = await client.CallAsync("/envoy.service.ext_proc.v3.ExternalProcessor/Process");
        await exchange.SendAsync(RawHttp2Client.Message(new ProcessingRequest { RequestHeaders = new() { Headers = new(), EndOfStream = true }, ProtocolConfig = new() }.ToByteArray()));
        return exchange;
    }

    private sealed class EndlessHook : Processor
    {
        public override ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation) => Verdict.Continue;

        public override ValueTask OnCompletedAsync(Exchange exchange, Completion completion, CancellationToken cancellation) => new(new TaskCompletionSource().Task);
    }
}
