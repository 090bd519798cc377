using ExtProc.Transport;
using Grpc.Core;

namespace ExtProc.Tests.Transport;

/// <summary>The bound on what waits, over all connections.</summary>
public sealed class TransportBudgetTests
{
    private const string Echo = $"/{TestGrpcServer.Service}/Echo";
    private const string ReadNothing = $"/{TestGrpcServer.Service}/ReadNothing";
    private const long LimitBytes = 16 << 20;

    [Fact]
    public async Task A_new_call_is_refused_while_the_budget_is_used_up_and_served_afterwards()
    {
        await using TestGrpcServer server = await StartAsync();
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        server.Budget.Take(LimitBytes);
        RawStream refused = await client.CallAsync(Echo, TestGrpcServer.MuchMetadata);
        await refused.EndAsync();
        Assert.Equal((int)StatusCode.ResourceExhausted, refused.GrpcStatus);
        server.Budget.Return(LimitBytes);
        RawStream served = await client.CallAsync(Echo);
        await served.SendAsync(RawHttp2Client.Message("x"u8), endStream: true);
        Assert.Equal(0, (await served.EndAsync()).GrpcStatus);
    }

    [Fact]
    public async Task Calls_that_pile_up_bytes_are_ended_when_the_budget_is_exceeded_and_those_that_hold_nothing_go_on()
    {
        await using TestGrpcServer server = await StartAsync();
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream innocent = await client.CallAsync(Echo);
        await innocent.SendAsync(RawHttp2Client.Message("first"u8));
        await innocent.ReceivedAsync(1);

        // Half a mebibyte each, twice the budget in all.
        List<RawStream> greedy = [];
        for (int i = 0; i < 64; i++)
        {
            greedy.Add(await client.CallAsync(ReadNothing));
            await greedy[^1].SendAsync(new byte[512 * 1024]);
        }

        await client.UntilAsync(() => greedy.Any(stream => stream.EndStream), "the first greedy calls end");
        Assert.All(
            greedy.Where(stream => stream.EndStream),
            stream => Assert.Equal((int)StatusCode.ResourceExhausted, stream.GrpcStatus));
        await Until.TrueAsync(() => server.Budget.UsedBytes <= LimitBytes, "the budget is kept again");
        await innocent.SendAsync(RawHttp2Client.Message("second"u8), endStream: true);
        Assert.Equal(0, (await innocent.EndAsync()).GrpcStatus);
        Assert.Empty(server.Errors);
    }

    [Fact]
    public async Task The_metadata_of_a_call_is_in_the_budget_for_as_long_as_the_call_lasts()
    {
        await using TestGrpcServer server = await StartAsync();
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        RawStream open = await client.CallAsync(ReadNothing, TestGrpcServer.MuchMetadata);
        await Until.TrueAsync(() => server.Budget.UsedBytes >= 200_000, "the metadata is counted");

        await open.ResetAsync();
        await Until.TrueAsync(() => server.Budget.UsedBytes < 200_000, "it is given back");
    }

    [Fact]
    public void The_default_lies_between_64_MiB_and_1_GiB() =>
        Assert.InRange(TransportBudget.DefaultLimitBytes(), 64L << 20, 1024L << 20);

    private static Task<TestGrpcServer> StartAsync() =>
        TestGrpcServer.StartAsync(new GrpcTransportOptions { MemoryBudgetBytes = LimitBytes });
}
