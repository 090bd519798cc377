using System.IO.Compression;
using System.Text;
using ExtProc.Transport;

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
        Assert.Equal((int)GrpcStatusCode.ResourceExhausted, (await stream.EndAsync()).GrpcStatus);
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
        Assert.Equal((int)GrpcStatusCode.Internal, (await stream.EndAsync()).GrpcStatus);
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
        Assert.Equal((int)GrpcStatusCode.Internal, (await stream.EndAsync()).GrpcStatus);
    }

    [Fact]
    public async Task An_unknown_encoding_is_UNIMPLEMENTED_and_the_known_ones_are_named()
    {
        RawStream stream = await client.CallAsync(Echo, ("grpc-encoding", "snappy"));
        await stream.EndAsync();
        Assert.Equal((int)GrpcStatusCode.Unimplemented, stream.GrpcStatus);
        Assert.Equal("identity,gzip", stream.Header("grpc-accept-encoding"));
    }

    private static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
