using System.Text;
using Grpc.Core;

namespace ExtProc.Tests.Transport;

/// <summary>What a peer sends is not sent back to it: a refusal says what is wrong in words of its own, however long what was sent is.</summary>
public sealed class NothingSentBackTests : IAsyncLifetime
{
    private const string Mark = "marked", Echo = $"/{TestGrpcServer.Service}/Echo", Health = "/grpc.health.v1.Health";
    private const int MostBytes = 300;

    private TestGrpcServer server = null!;
    private RawHttp2Client client = null!;

    public async Task InitializeAsync()
    {
        server = await TestGrpcServer.StartAsync();
        client = await RawHttp2Client.ConnectAsync(server.Port);
    }

    public async Task DisposeAsync()
    {
        await client.DisposeAsync();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("grpc-encoding", Echo)]
    [InlineData("grpc-timeout", Echo)]
    [InlineData("content-type", Echo)]
    [InlineData(":method", Echo)]
    [InlineData(":path", "/")]
    [InlineData("grpc-encoding", "/no.Service/Method")]
    [InlineData("content-type", "/no.Service/Method")]
    public async Task A_refusal_has_nothing_of_the_header_that_it_is_for(string header, string path)
    {
        string value = (header is ":path" ? path : "") + string.Concat(Enumerable.Repeat(Mark, 1_000));
        RawStream stream = header is ":path" ? await client.CallAsync(value) : await client.CallAsync(path, (header, value));
        AssertNothingOf(Mark, await stream.EndAsync());
    }

    [Theory]
    [InlineData("Check", 3_000, StatusCode.NotFound)]
    [InlineData("Check", 5_000, StatusCode.ResourceExhausted)]
    [InlineData("Watch", 5_000, StatusCode.ResourceExhausted)]
    [InlineData("List", 5_000, StatusCode.ResourceExhausted)]
    public async Task A_health_check_is_not_answered_with_the_name_that_it_is_for(string method, int bytes, object status)
    {
        RawStream stream = await client.CallAsync($"{Health}/{method}");
        await stream.SendAsync(RawHttp2Client.Message(Named(bytes)), endStream: true);
        await stream.EndAsync();
        Assert.Equal(status, (StatusCode)stream.GrpcStatus);
        AssertNothingOf(Mark, stream);
    }

    [Theory]
    [InlineData("Check")]
    [InlineData("Watch")]
    [InlineData("List")]
    public async Task A_health_check_that_claims_to_be_large_is_refused_before_it_comes(string method)
    {
        RawStream stream = await client.CallAsync($"{Health}/{method}");
        await stream.SendAsync([0, 0, 0x20, 0, 0]);
        Assert.Equal((int)StatusCode.ResourceExhausted, (await stream.EndAsync()).GrpcStatus);
    }

    private static void AssertNothingOf(string mark, RawStream stream)
    {
        string all = string.Join('\n', stream.HeaderBlocks.SelectMany(block => block).Select(header => header.Value)) + Encoding.UTF8.GetString(stream.Data.ToArray());
        Assert.DoesNotContain(mark, all, StringComparison.OrdinalIgnoreCase);
        Assert.InRange(all.Length, 1, MostBytes);
    }

    // HealthCheckRequest.service, which has a length of two bytes.
    private static byte[] Named(int bytes) =>
        [0x0a, (byte)(bytes | 0x80), (byte)(bytes >> 7), .. Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Mark, bytes))[..bytes])];
}
