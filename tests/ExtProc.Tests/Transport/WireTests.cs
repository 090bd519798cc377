using System.Text;
using ExtProc.Transport;
using Grpc.Core;

namespace ExtProc.Tests.Transport;

/// <summary>The server seen by a client that sends exactly the bytes a test wants.</summary>
public sealed class WireTests : IAsyncLifetime
{
    private const string Echo = $"/{TestGrpcServer.Service}/Echo";
    private const int LimitBytes = 100_000;

    private TestGrpcServer server = null!;
    private RawHttp2Client client = null!;

    public async Task InitializeAsync()
    {
        server = await TestGrpcServer.StartAsync(
            new GrpcTransportOptions { ReceiveLimitBytes = LimitBytes },
            ("Throw", (_, _, _) => throw new InvalidOperationException("a secret")),
            ("Fail", (_, _, _) => throw new GrpcException(StatusCode.FailedPrecondition, "füll 100 % – ja\n")),
            ("FailLong", (_, _, _) => throw new GrpcException(StatusCode.Internal, new string('\uFFFD', 100_000))),
            ("FailLate", async (_, writer, _) =>
            {
                writer.Begin(0);
                await writer.FlushAsync(CancellationToken.None);
                throw new GrpcException(StatusCode.DataLoss, "späte");
            }));
        client = await RawHttp2Client.ConnectAsync(server.Port);
    }

    public async Task DisposeAsync()
    {
        await client.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_message_split_at_every_offset_arrives_whole()
    {
        byte[] sent = RawHttp2Client.Message("hello, wire"u8);
        for (int at = 0; at <= sent.Length; at++)
        {
            RawStream stream = await client.CallAsync(Echo);
            await stream.SendAsync(sent[..at]);
            await stream.SendAsync(sent[at..], endStream: true);
            await stream.EndAsync();
            Assert.Equal("hello, wire", Encoding.UTF8.GetString(Assert.Single(stream.Messages())));
            Assert.Equal(0, stream.GrpcStatus);
        }
    }

    [Fact]
    public async Task A_message_that_comes_byte_by_byte_arrives_whole()
    {
        RawStream stream = await client.CallAsync(Echo);
        foreach (byte single in RawHttp2Client.Message("slow"u8))
        {
            await stream.SendAsync([single]);
        }

        await stream.SendAsync([], endStream: true);
        await stream.EndAsync();
        Assert.Equal("slow"u8.ToArray(), Assert.Single(stream.Messages()));
    }

    [Fact]
    public async Task Two_messages_in_one_frame_are_two_messages()
    {
        RawStream stream = await client.CallAsync(Echo);
        await stream.SendAsync([.. RawHttp2Client.Message("one"u8), .. RawHttp2Client.Message([]), .. RawHttp2Client.Message("two"u8)], endStream: true);
        await stream.EndAsync();
        Assert.Equal(["one", "", "two"], stream.Messages().Select(Encoding.UTF8.GetString));
        Assert.Equal(0, stream.GrpcStatus);
    }

    [Fact]
    public async Task Messages_are_answered_while_the_request_is_open()
    {
        RawStream stream = await client.CallAsync(Echo);
        for (int i = 1; i <= 3; i++)
        {
            await stream.SendAsync(RawHttp2Client.Message("ping"u8));
            await stream.ReceivedAsync(i);
        }

        Assert.False(stream.Over);
        await stream.SendAsync([], endStream: true);
        Assert.Equal(0, (await stream.EndAsync()).GrpcStatus);
    }

    [Fact]
    public async Task A_request_without_a_message_ends_with_OK_in_one_block_of_headers()
    {
        (RawStream stream, byte[] frame) = client.Open(Echo, endStream: true);
        await client.WriteAsync(frame);
        await stream.EndAsync();
        Assert.Equal(0, stream.GrpcStatus);
        Assert.Equal("application/grpc", stream.Header("content-type"));
        Assert.Single(stream.HeaderBlocks);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(128)]
    [InlineData(255)]
    public async Task A_flag_byte_other_than_0_and_1_is_INTERNAL(byte flag)
    {
        RawStream stream = await client.CallAsync(Echo);
        await stream.SendAsync(RawHttp2Client.Message("x"u8, flag));
        await stream.EndAsync();
        Assert.Equal((int)StatusCode.Internal, stream.GrpcStatus);
        Assert.Contains($"is {flag}", stream.GrpcMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 1, 0x86, 0xA1 })] // 100,001
    [InlineData(new byte[] { 0, 0xFF, 0xFF, 0xFF, 0xFF })]
    public async Task A_message_over_the_limit_is_RESOURCE_EXHAUSTED_before_its_bytes_come(byte[] prefix)
    {
        RawStream stream = await client.CallAsync(Echo);
        await stream.SendAsync(prefix);
        await stream.EndAsync();
        Assert.Equal((int)StatusCode.ResourceExhausted, stream.GrpcStatus);
        Assert.Contains("100000", stream.GrpcMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    public async Task A_request_that_ends_inside_a_message_is_INTERNAL(int length)
    {
        RawStream stream = await client.CallAsync(Echo);
        await stream.SendAsync(RawHttp2Client.Message("xyz"u8)[..length], endStream: true);
        await stream.EndAsync();
        Assert.Equal((int)StatusCode.Internal, stream.GrpcStatus);
    }

    [Theory]
    [InlineData("/test.Wire/Nothing")]
    [InlineData("/nobody.Knows/Me")]
    [InlineData("/a.file")]
    [InlineData("/")]
    public async Task An_unknown_method_is_UNIMPLEMENTED(string path)
    {
        RawStream stream = await client.CallAsync(path);
        await stream.EndAsync();
        Assert.Equal((int)StatusCode.Unimplemented, stream.GrpcStatus);
        Assert.Equal("200", stream.Header(":status"));
    }

    [Theory]
    [InlineData("application/grpc", true)]
    [InlineData("application/grpc+proto", true)]
    [InlineData("application/grpc; charset=utf-8", true)]
    [InlineData("application/grpc+json", false)]
    [InlineData("application/grpc-web", false)]
    [InlineData("application/json", false)]
    [InlineData(null, false)]
    public async Task Only_gRPC_content_types_are_served_others_get_415(string? contentType, bool served)
    {
        (RawStream stream, byte[] frame) = client.Open(Echo, endStream: true, ("content-type", contentType));
        await client.WriteAsync(frame);
        await stream.EndAsync();
        Assert.Equal(served ? "200" : "415", stream.Header(":status"));
        Assert.Equal(served, stream.All("grpc-status").Any());
    }

    [Fact]
    public async Task Another_method_than_POST_gets_405()
    {
        (RawStream stream, byte[] frame) = client.Open(Echo, endStream: true, (":method", "PUT"));
        await client.WriteAsync(frame);
        await stream.EndAsync();
        Assert.Equal("405", stream.Header(":status"));
        Assert.Equal("POST", stream.Header("allow"));
    }

    [Fact]
    public async Task A_GET_that_does_not_say_that_it_is_gRPC_gets_404_from_a_known_method_too()
    {
        (RawStream stream, byte[] frame) = client.Open(Echo, endStream: true, (":method", "GET"), ("content-type", null));
        await client.WriteAsync(frame);
        await stream.EndAsync();
        Assert.Equal("404", stream.Header(":status"));
    }

    [Fact]
    public async Task A_request_without_te_trailers_is_refused()
    {
        RawStream stream = await client.CallAsync(Echo, ("te", null));
        Assert.Equal((int)StatusCode.Internal, (await stream.EndAsync()).GrpcStatus);
    }

    [Theory]
    [InlineData("0n", 4)]
    [InlineData("0H", 4)]
    [InlineData("", 13)]
    [InlineData("1", 13)]
    [InlineData("1s", 13)]
    [InlineData("-1S", 13)]
    [InlineData("123456789S", 13)]
    [InlineData("99999999H", 0)]
    public async Task A_timeout_that_is_over_or_wrong_ends_the_call_before_any_work(string timeout, int expectedStatus)
    {
        RawStream stream = await client.CallAsync(Echo, ("grpc-timeout", timeout));
        await stream.SendAsync(RawHttp2Client.Message("x"u8), endStream: true);
        await stream.EndAsync();
        Assert.Equal(expectedStatus, stream.GrpcStatus);
        Assert.Equal(expectedStatus == 0 ? 1 : 0, stream.Messages().Count);
    }

    [Theory]
    [InlineData("Echo")]         // waits for a message
    [InlineData("ReadNothing")]  // waits for its token
    public async Task A_deadline_that_passes_ends_the_call(string method)
    {
        RawStream stream = await client.CallAsync($"/{TestGrpcServer.Service}/{method}", ("grpc-timeout", "50m"));
        Assert.Equal((int)StatusCode.DeadlineExceeded, (await stream.EndAsync()).GrpcStatus);
        Assert.Empty(server.Errors);
    }

    [Fact]
    public async Task A_failure_before_the_first_message_is_trailers_only_and_its_message_is_percent_encoded()
    {
        RawStream stream = await client.CallAsync($"/{TestGrpcServer.Service}/Fail");
        await stream.EndAsync();
        Assert.Single(stream.HeaderBlocks);
        Assert.Equal((int)StatusCode.FailedPrecondition, stream.GrpcStatus);
        Assert.Equal("f%C3%BCll 100 %25 %E2%80%93 ja%0A", stream.Header("grpc-message"));
    }

    [Theory]
    [InlineData("grpc-encoding", "t0ken")]
    [InlineData("grpc-timeout", "t0ken")]
    [InlineData("grpc-timeout", "0t0ken")]
    [InlineData("content-type", "text/t0ken")]
    [InlineData("content-type", "application/grpc-t0ken")]
    [InlineData("te", null)]
    [InlineData(":method", "T0KEN")]
    [InlineData(":path", "/t0ken.Service/Method")]
    [InlineData(":path", "/grpc.health.v1.Health/t0ken")]
    public async Task A_refusal_says_nothing_of_what_was_sent(string name, string? value)
    {
        RawStream stream = await client.CallAsync(Echo, (name, value), ("x-t0ken", "t0ken"));
        await stream.SendAsync([], endStream: true);
        await stream.EndAsync();

        Assert.DoesNotContain("t0ken", stream.GrpcMessage + string.Join('|', stream.HeaderBlocks.SelectMany(block => block)) + Encoding.UTF8.GetString(stream.Data.ToArray()), StringComparison.OrdinalIgnoreCase);
        Assert.True(stream.Header(":status") != "200" || stream.GrpcStatus > 0);
    }

    [Fact]
    public async Task A_status_is_never_long_enough_to_cost_the_connection()
    {
        RawStream stream = await client.CallAsync($"/{TestGrpcServer.Service}/FailLong");
        await stream.EndAsync();

        Assert.InRange(stream.HeaderBlocks.Sum(block => block.Sum(line => line.Name.Length + line.Value.Length)), 500, 1000);
        Assert.EndsWith("...", stream.GrpcMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_after_the_first_message_stands_in_the_trailers()
    {
        RawStream stream = await client.CallAsync($"/{TestGrpcServer.Service}/FailLate");
        await stream.EndAsync();
        Assert.Equal(2, stream.HeaderBlocks.Count);
        Assert.Null(stream.Header("grpc-status"));
        Assert.Equal((int)StatusCode.DataLoss, stream.GrpcStatus);
    }

    [Fact]
    public async Task A_handler_that_throws_is_UNKNOWN_says_nothing_of_why_and_is_logged()
    {
        RawStream stream = await client.CallAsync($"/{TestGrpcServer.Service}/Throw");
        await stream.EndAsync();
        Assert.Equal((int)StatusCode.Unknown, stream.GrpcStatus);
        Assert.DoesNotContain("secret", stream.GrpcMessage, StringComparison.Ordinal);
        Assert.Contains("a secret", Assert.Single(server.Errors), StringComparison.Ordinal);
    }
}
