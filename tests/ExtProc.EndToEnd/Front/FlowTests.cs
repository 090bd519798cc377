using System.Text;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Front;

/// <summary>
/// What has come goes on, in every mode that does not hold bodies: each part is with its receiver before the next is let out of its
/// sender, so a front that waits for more makes the test time out.
/// </summary>
public sealed class FlowTests
{
    private const int Items = 5;

    public static TheoryData<BodySendMode, ClientProtocol> Flowing => Rows.Of(
        Rows.Flowing, Enum.GetValues<ClientProtocol>());

    [Theory]
    [MemberData(nameof(Flowing))]
    public async Task Events_arrive_one_by_one(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode));
        var (exchange, testId) = await lab.BeginAsync(client, Call.Get($"/sse?n={Items}"));
        Assert.Equal("text/event-stream", (await exchange.ReadHeadAsync(lab.Cancel)).Headers["content-type"]);
        for (int item = 0; item < Items; item++)
        {
            lab.Upstream.StepsOf(testId).Allow();
            Assert.Equal($"data: item{item}\n\n", Encoding.UTF8.GetString(await ReadAsync(exchange, $"data: item{item}\n\n".Length, lab.Cancel)));
        }

        Assert.Null(await exchange.ReadAsync(lab.Cancel));
        await lab.EndOfAsync(testId);
    }

    [Theory]
    [MemberData(nameof(Flowing))]
    public async Task Chunks_of_a_request_reach_the_app_one_by_one(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode));
        var (exchange, testId) = await lab.BeginAsync(client, Call.Post("/collect"));
        for (int item = 0; item < Items; item++)
        {
            await exchange.WriteAsync(Encoding.UTF8.GetBytes($"item{item}"), lab.Cancel);
            SeenRequest seen = await lab.Upstream.SeenAsync(testId, lab.Cancel);
            await InApp.App.UntilAsync(() => seen.Text.EndsWith($"item{item}", StringComparison.Ordinal), lab.Cancel);
        }

        await exchange.EndAsync(null, lab.Cancel);
        Check.Ok("upstream-body", await Caller.CollectAsync(exchange, lab.Cancel));
        await lab.EndOfAsync(testId);
    }

    [Theory]
    [MemberData(nameof(Flowing))]
    public async Task A_response_begins_before_its_request_has_ended(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode));
        var (exchange, testId) = await lab.BeginAsync(client, Call.Post("/early"));
        Assert.Equal(200, (await exchange.ReadHeadAsync(lab.Cancel)).Status);
        Check.Same("early"u8.ToArray(), await ReadAsync(exchange, 5, lab.Cancel));
        await exchange.WriteAsync("aaa"u8.ToArray(), lab.Cancel);
        await exchange.WriteLastAsync("bbb"u8.ToArray(), lab.Cancel);
        Assert.Null(await exchange.ReadAsync(lab.Cancel));
        Assert.Equal(("aaabbb", true), ((await lab.SeenAsync(testId)).Text, (await lab.SeenAsync(testId)).Complete));
        await lab.EndOfAsync(testId);
    }

    [Theory]
    [MemberData(nameof(Flowing))]
    public async Task An_echo_comes_back_piece_by_piece(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode));
        var (exchange, testId) = await lab.BeginAsync(client, Call.Post("/echo"));
        Assert.Equal(200, (await exchange.ReadHeadAsync(lab.Cancel)).Status);
        for (int item = 0; item < Items; item++)
        {
            byte[] piece = Pattern.Bytes(50_000 * item + 1, item);
            await exchange.WriteAsync(piece, lab.Cancel);
            Check.Same(piece, await ReadAsync(exchange, piece.Length, lab.Cancel));
        }

        await exchange.EndAsync(null, lab.Cancel);
        Assert.Null(await exchange.ReadAsync(lab.Cancel));
        await lab.EndOfAsync(testId);
    }

    [Theory]
    [InlineData(BodySendMode.None)]
    [InlineData(BodySendMode.Streamed)]
    [InlineData(BodySendMode.FullDuplexStreamed)]
    public async Task A_bidirectional_gRPC_call_passes_item_by_item(BodySendMode mode)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode));
        var headers = new Fields { { "content-type", "application/grpc" }, { "te", "trailers" } };
        var (exchange, testId) = await lab.BeginAsync(ClientProtocol.Http2, Call.Post("/test.Echo/Bidi") with { Headers = headers });
        Assert.Equal(200, (await exchange.ReadHeadAsync(lab.Cancel)).Status);
        for (int item = 0; item < 20; item++)
        {
            byte[] message = GrpcEcho.Frame(Encoding.UTF8.GetBytes($"item {item}"));
            await exchange.WriteAsync(message, lab.Cancel);
            Check.Same(message, await ReadAsync(exchange, message.Length, lab.Cancel));
        }

        await exchange.EndAsync(null, lab.Cancel);
        Assert.Null(await exchange.ReadAsync(lab.Cancel));
        Assert.Equal("0", exchange.Trailers["grpc-status"]);
        await lab.EndOfAsync(testId);
    }

    /// <summary>So many bytes of the body.</summary>
    internal static async Task<byte[]> ReadAsync(ClientExchange exchange, int count, CancellationToken cancel)
    {
        using var read = new MemoryStream();
        while (read.Length < count)
        {
            read.Write(await exchange.ReadAsync(cancel) ?? throw new InvalidDataException($"the body ended after {read.Length} of {count} bytes"));
        }

        return read.ToArray();
    }
}
