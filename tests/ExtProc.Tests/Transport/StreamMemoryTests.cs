using ExtProc.Tests.Memory;
using ExtProc.Transport;

namespace ExtProc.Tests.Transport;

/// <summary>What streams leave behind in a process. Measured over all of it, so no other test runs meanwhile.</summary>
[Collection(AloneCollection.Name)]
public sealed class StreamMemoryTests
{
    // The few blocks of each size that each core keeps at hand.
    private static readonly int WarmBytes = 4 * Environment.ProcessorCount * (BlockPool.LargeBlockBytes + BlockPool.SmallBlockBytes);

    [Fact]
    public async Task Ten_thousand_streams_that_come_and_go_three_times_leave_the_memory_as_it_was()
    {
        await using TestGrpcServer server = await TestGrpcServer.StartAsync();
        const int Connections = 4, Streams = 2_500;
        long first = 0;
        for (int round = 0; round < 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => OpenAndCloseAsync(server, Streams)));
            await Until.TrueAsync(() => server.Budget.Calls.Count == 0 && server.Pool.RentedBytes == 0, "every block is back");
            server.Pool.DropUnused();
            server.Pool.DropUnused();
            long held = GC.GetTotalMemory(forceFullCollection: true);
            first = round == 0 ? held : first;
            Assert.True(held < first + (16 << 20), $"round {round} left {held} bytes, the first one {first}");
        }

        await Until.TrueAsync(() => Dropped(server.Pool).FreeBytes <= WarmBytes, "free blocks are given back but for the few that cores keep at hand");
    }

    private static BlockPool Dropped(BlockPool pool)
    {
        pool.DropUnused();
        return pool;
    }

    private static async Task OpenAndCloseAsync(TestGrpcServer server, int count)
    {
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port);
        List<RawStream> streams = [];
        for (int i = 0; i < count; i++)
        {
            RawStream stream = await client.CallAsync($"/{TestGrpcServer.Service}/Echo");
            await client.WriteAsync(RawHttp2Client.Data(stream, RawHttp2Client.Message("hello"u8)));
            streams.Add(stream);
        }

        foreach (RawStream stream in streams)
        {
            await stream.ReceivedAsync(1);
            await stream.ResetAsync();
        }
    }
}
