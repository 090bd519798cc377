using ExtProc.Transport;
using Grpc.Core;

namespace ExtProc.Tests.Transport;

/// <summary>New calls wait a moment for room in the memory budget, as many as it bears.</summary>
public sealed class WaitingRoomTests
{
    private const string Echo = $"/{TestGrpcServer.Service}/Echo";
    private const long LimitBytes = 64 << 20;

    [Fact]
    public async Task A_message_that_came_while_its_call_waited_is_answered()
    {
        await using TestGrpcServer server = await StartAsync();
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        server.Budget.Take(LimitBytes);
        RawStream waiting = await CallAsync(client, TestGrpcServer.MuchMetadata);
        await Until.TrueAsync(() => server.Budget.Waiting.IsInUse, "the call waits");
        await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System); // while it is looked at

        server.Budget.Return(LimitBytes);
        await waiting.ReceivedAsync(1);
        Assert.Single(waiting.Messages());
    }

    [Fact]
    public async Task Of_many_calls_of_one_connection_some_wait_and_the_others_are_refused_at_once()
    {
        await using TestGrpcServer server = await StartAsync();
        await using RawHttp2Client many = await RawHttp2Client.ConnectAsync(server.Port), one = await RawHttp2Client.ConnectAsync(server.Port);
        server.Budget.Take(LimitBytes);
        List<RawStream> calls = [];
        for (int i = 0; i < 300; i++)
        {
            calls.Add(await CallAsync(many));
        }

        await many.UntilAsync(() => calls.Any(call => call.Over), "some are refused");
        RawStream other = await CallAsync(one);
        await Until.TrueAsync(() => server.Budget.Calls.Count > 1, "and others wait");
        Assert.False(other.Over);

        server.Budget.Return(LimitBytes);
        await other.ReceivedAsync(1);
        Assert.Single(other.Messages());
        Assert.All(calls.Where(call => call.Over && call.GrpcStatus != 0), call => Assert.Equal((int)StatusCode.ResourceExhausted, call.GrpcStatus));
    }

    [Fact]
    public async Task A_few_calls_are_let_in_beyond_the_budget_each_of_a_connection_that_holds_next_to_nothing()
    {
        const int Few = 16, More = 4;
        const long Limit = Few * 16 * TransportBudget.SmallBytes;
        await using TestGrpcServer server = await StartAsync(Limit);
        RawHttp2Client[] clients = await Task.WhenAll(Enumerable.Range(0, Few + More).Select(_ => RawHttp2Client.ConnectAsync(server.Port)));
        server.Budget.Take(Limit);
        RawStream[] calls = await Task.WhenAll(clients.Select(client => CallAsync(client)));
        await Until.TrueAsync(() => calls.Count(call => call.Messages().Count > 0) == Few, "a few are answered");
        await Until.TrueAsync(() => server.Budget.Waiting.IsInUse, "the others wait");

        RawStream let = calls.First(call => call.Messages().Count > 0);
        await let.SendAsync([], endStream: true);
        await Until.TrueAsync(() => calls.Count(call => call.Messages().Count > 0) == Few + 1, "one that ends makes way for another");

        server.Budget.Return(Limit);
        await Task.WhenAll(clients.Select(client => client.DisposeAsync().AsTask()));
    }

    private static async Task<RawStream> CallAsync(RawHttp2Client client, params (string Name, string? Value)[] metadata)
    {
        RawStream call = await client.CallAsync(Echo, metadata);
        await call.SendAsync(RawHttp2Client.Message("x"u8));
        return call;
    }

    private static Task<TestGrpcServer> StartAsync(long limitBytes = LimitBytes) => TestGrpcServer.StartAsync(new GrpcTransportOptions { MemoryBudgetBytes = limitBytes });
}
