using System.IO.Compression;
using System.Text;
using ExtProc.Transport;
using Grpc.Core;

namespace ExtProc.Tests.Transport;

/// <summary>Messages that say that they are compressed.</summary>
public sealed class CompressedMessageTests : IAsyncLifetime
{
    private const string Echo = $"/{TestGrpcServer.Service}/Echo";
    private const int LimitBytes = 100_000;

    private TestGrpcServer server = null!;
    private RawHttp2Client client = null!;

    public async Task InitializeAsync()
    {
        server = await TestGrpcServer.StartAsync(new GrpcTransportOptions { ReceiveLimitBytes = LimitBytes });
        client = await RawHttp2Client.ConnectAsync(server.Port);
    }

    public async Task DisposeAsync()
    {
        await client.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_gzip_message_is_unpacked()
    {
        RawStream stream = await client.CallAsync(Echo, ("grpc-encoding", "gzip"));
        byte[] text = Encoding.UTF8.GetBytes(new string('z', 50_000));
        await stream.SendAsync([.. RawHttp2Client.Message(Gzip(text), flag: 1), .. RawHttp2Client.Message("plain"u8)], endStream: true);
        await stream.EndAsync();
        Assert.Equal([text, "plain"u8.ToArray()], stream.Messages());
    }

    [Fact]
    public async Task A_gzip_message_that_unpacks_to_more_than_the_limit_is_RESOURCE_EXHAUSTED()
    {
        RawStream stream = await client.CallAsync(Echo, ("grpc-encoding", "gzip"));
        await stream.SendAsync(RawHttp2Client.Message(Gzip(new byte[LimitBytes + 1]), flag: 1));
        Assert.Equal((int)StatusCode.ResourceExhausted, (await stream.EndAsync()).GrpcStatus);
    }

    [Theory]
    [InlineData(512 * 1024, 100, true)] // small enough at any ratio
    [InlineData((512 * 1024) + 1, 100, false)]
    [InlineData(8 << 20, 100, false)]
    [InlineData(8 << 20, 2_000, true)]
    public async Task A_gzip_message_that_grows_beyond_the_ratio_is_RESOURCE_EXHAUSTED(int bytes, int ratio, bool isTaken)
    {
        await using TestGrpcServer strict = await TestGrpcServer.StartAsync(new GrpcTransportOptions { InflatedRatio = ratio });
        await using RawHttp2Client peer = await RawHttp2Client.ConnectAsync(strict.Port);
        RawStream stream = await peer.CallAsync(Echo, ("grpc-encoding", "gzip"));
        await stream.SendAsync(RawHttp2Client.Message(Gzip(new byte[bytes], CompressionLevel.SmallestSize), flag: 1), endStream: true);
        await stream.EndAsync();
        Assert.Equal(isTaken ? 0 : (int)StatusCode.ResourceExhausted, stream.GrpcStatus);
        Assert.Equal(isTaken ? 1 : 0, stream.Messages().Count);
    }

    [Fact]
    public async Task Unpacked_messages_are_of_the_budget_as_long_as_they_are_kept()
    {
        var kept = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        var dropped = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestGrpcServer keeping = await TestGrpcServer.StartAsync(null, ("Keep", async (reader, writer, call) =>
        {
            await reader.WaitAsync(CancellationToken.None);
            Assert.True(reader.TryRead(out _));
            kept.SetResult(call.Memory.HeldBytes);
            Assert.False(reader.TryRead(out _));
            dropped.SetResult(call.Memory.HeldBytes);
        }));
        await using RawHttp2Client peer = await RawHttp2Client.ConnectAsync(keeping.Port);
        RawStream stream = await peer.CallAsync($"/{TestGrpcServer.Service}/Keep", ("grpc-encoding", "gzip"));
        await stream.SendAsync(RawHttp2Client.Message(Gzip(Noise(500_000)), flag: 1), endStream: true);
        Assert.InRange(await kept.Task.WaitAsync(RawHttp2Client.Patience), 500_000, 800_000);
        Assert.Equal(0, await dropped.Task.WaitAsync(RawHttp2Client.Patience));
        Assert.Equal(0, (await stream.EndAsync()).GrpcStatus);
    }

    [Fact]
    public async Task A_message_that_would_fill_the_budget_while_it_is_unpacked_ends_its_call()
    {
        const long BudgetBytes = 16 << 20;
        await using TestGrpcServer small = await TestGrpcServer.StartAsync(new GrpcTransportOptions { MemoryBudgetBytes = BudgetBytes, InflatedRatio = 100_000 });
        await using RawHttp2Client peer = await RawHttp2Client.ConnectAsync(small.Port);
        RawStream stream = await peer.CallAsync(Echo, ("grpc-encoding", "gzip"));
        await stream.SendAsync(RawHttp2Client.Message(Gzip(new byte[30 << 20]), flag: 1), endStream: true);
        Assert.Equal((int)StatusCode.ResourceExhausted, (await stream.EndAsync()).GrpcStatus);
        await Until.TrueAsync(() => small.Budget.UsedBytes < BudgetBytes / 4, "what was unpacked is given back");
        Assert.Empty(small.Errors);
    }

    [Fact]
    public async Task Messages_that_grow_too_much_end_for_that_and_fill_no_budget_however_many_come()
    {
        long budgetBytes = Math.Max(16L << 20, Environment.ProcessorCount * (8L << 20));
        await using TestGrpcServer small = await TestGrpcServer.StartAsync(new GrpcTransportOptions { MemoryBudgetBytes = budgetBytes });
        await using RawHttp2Client peer = await RawHttp2Client.ConnectAsync(small.Port);
        byte[] bomb = RawHttp2Client.Message(Gzip(new byte[30 << 20], CompressionLevel.SmallestSize), flag: 1);
        List<RawStream> streams = [];
        for (long i = 0; i < budgetBytes / (1 << 20); i++)
        {
            streams.Add(await peer.CallAsync(Echo, ("grpc-encoding", "gzip")));
            await streams[^1].SendAsync(bomb);
        }

        foreach (RawStream stream in streams)
        {
            Assert.Contains("transport.inflatedRatio", (await stream.EndAsync()).GrpcMessage, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Many_compressed_messages_in_one_piece_are_unpacked_one_after_the_other()
    {
        RawStream stream = await client.CallAsync(Echo, ("grpc-encoding", "gzip"));
        byte[][] sent = [.. Enumerable.Range(1, 20).Select(number => Noise(number * 1_000))];
        await stream.SendAsync([.. sent.SelectMany(bytes => RawHttp2Client.Message(Gzip(bytes), flag: 1))], endStream: true);
        await stream.EndAsync();
        Assert.Equal(sent, stream.Messages());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)] // all but the checksum and the length
    [InlineData(20)]
    [InlineData(60)]
    public async Task A_gzip_message_that_was_cut_off_is_INTERNAL(int missingBytes)
    {
        byte[] packed = Gzip([.. Enumerable.Range(0, 5000).Select(number => (byte)(number * number))]);
        RawStream stream = await client.CallAsync(Echo, ("grpc-encoding", "gzip"));
        await stream.SendAsync(RawHttp2Client.Message(packed.AsSpan(0, packed.Length - missingBytes), flag: 1), endStream: true);
        Assert.Equal((int)StatusCode.Internal, (await stream.EndAsync()).GrpcStatus);
        Assert.Empty(stream.Messages());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("identity")]
    [InlineData("gzip")] // and what follows is not gzip
    public async Task A_compressed_flag_on_what_is_not_gzip_is_INTERNAL(string? encoding)
    {
        RawStream stream = await client.CallAsync(Echo, ("grpc-encoding", encoding));
        await stream.SendAsync(RawHttp2Client.Message("no gzip"u8, flag: 1));
        Assert.Equal((int)StatusCode.Internal, (await stream.EndAsync()).GrpcStatus);
    }

    [Fact]
    public async Task An_unknown_encoding_is_UNIMPLEMENTED_and_the_known_ones_are_named()
    {
        RawStream stream = await client.CallAsync(Echo, ("grpc-encoding", "snappy"));
        await stream.EndAsync();
        Assert.Equal((int)StatusCode.Unimplemented, stream.GrpcStatus);
        Assert.Equal("identity,gzip", stream.Header("grpc-accept-encoding"));
    }

    private static byte[] Noise(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Gzip(byte[] bytes, CompressionLevel level = CompressionLevel.Fastest)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
