using System.Net;
using System.Net.WebSockets;
using System.Text;
using Envoy.Runner;
using ExtProc.Abilities;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using ExtProc.EndToEnd.Wire;
using ExtProc.Front;
using Microsoft.AspNetCore.Builder;

namespace ExtProc.EndToEnd.Front;

/// <summary>WebSockets of an app behind the front, and of one behind YARP behind the front; the framework's own client and server.</summary>
public sealed class WebSocketTests
{
    /// <summary>Frames of a WebSocket are nothing that a processor could read: to want them costs 415.</summary>
    private static readonly Script HeadersAlone = new() { RequestHeaders = (_, _) => Verdict.Continue, ResponseHeaders = (_, _) => Verdict.Continue };

    public static TheoryData<BodySendMode, ClientProtocol> Each => Rows.Of(
        [BodySendMode.None, BodySendMode.FullDuplexStreamed], Enum.GetValues<ClientProtocol>());

    [Theory]
    [MemberData(nameof(Each))]
    public async Task An_app_behind_the_front_talks_message_by_message(BodySendMode mode, ClientProtocol client)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode) with
        {
            Does = HeadersAlone,
            App = (app, lab) =>
            {
                app.UseExtProc(lab.Configure);
                Talk(app);
            },
        });
        await TalkAsync(lab, client);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task An_app_behind_YARP_talks_message_by_message(BodySendMode mode, ClientProtocol client)
    {
        await using FrontHost behind = await FrontHost.StartAsync(Talk);
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode) with
        {
            Does = HeadersAlone,
            Services = (services, _) => YarpTests.AddProxyTo(services, behind.PortOf(ClientProtocol.Http1), UpstreamProtocol.Http1),
            App = (app, lab) => YarpTests.Map(app, lab, isWithin: false),
        });
        await TalkAsync(lab, client);
    }

    [Fact]
    public async Task A_server_that_refuses_keeps_the_socket_shut()
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(BodySendMode.None) with
        {
            Does = new() { RequestHeaders = (_, _) => Verdict.Respond(403, "no sockets") },
            App = (app, lab) =>
            {
                app.UseExtProc(lab.Configure);
                Talk(app);
            },
        });
        using var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://127.0.0.1:{lab.Front.PortOf(ClientProtocol.Http1)}/"), lab.Cancel));
        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Fact]
    public async Task WebSockets_before_the_front_are_refused()
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(BodySendMode.None) with
        {
            App = (app, lab) =>
            {
                app.UseWebSockets();
                app.UseExtProc(lab.Configure);
                app.Run(_ => Task.CompletedTask);
            },
        });
        using var socket = new ClientWebSocket { Options = { CollectHttpResponseDetails = true } };
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://127.0.0.1:{lab.Front.PortOf(ClientProtocol.Http1)}/"), lab.Cancel));
        Assert.Equal(HttpStatusCode.InternalServerError, socket.HttpStatusCode);
    }

    /// <summary>Clients offer HTTP/2 in that way where they do not know; it is an ordinary request, as behind Envoy.</summary>
    [Theory]
    [InlineData(BodySendMode.Buffered)]
    [InlineData(BodySendMode.FullDuplexStreamed)]
    public async Task An_upgrade_to_HTTP2_is_not_taken(BodySendMode mode)
    {
        await using FrontLab lab = await FrontLab.StartAsync(FrontSetup.In(mode));
        var (answer, testId) = await lab.SendAsync(ClientProtocol.Http1, Call.Get("/text?say=hello") with
        {
            Headers = new Fields { { "connection", "Upgrade, HTTP2-Settings" }, { "upgrade", "h2c" }, { "http2-settings", "AAMAAABkAAQAAP__" } },
        });
        Check.Ok("hello", answer);
        SeenRequest seen = await lab.SeenAsync(testId);
        Assert.Equal((null, null), (seen.Headers["upgrade"], seen.Headers["http2-settings"]));
    }

    private static async Task TalkAsync(FrontLab lab, ClientProtocol client)
    {
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        using var socket = new ClientWebSocket();
        if (client == ClientProtocol.Http2)
        {
            (socket.Options.HttpVersion, socket.Options.HttpVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
        }

        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{lab.Front.PortOf(client)}/"), invoker, lab.Cancel);
        byte[] buffer = new byte[1000];
        for (int item = 0; item < 5; item++)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes($"message {item}"), WebSocketMessageType.Text, endOfMessage: true, lab.Cancel);
            WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, lab.Cancel);
            Assert.Equal($"message {item}", Encoding.UTF8.GetString(buffer, 0, received.Count));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", lab.Cancel);
        await InApp.App.UntilAsync(() => lab.Front.OpenExchanges == 0, lab.Cancel);
    }

    /// <summary>Sends each message back.</summary>
    private static void Talk(WebApplication app)
    {
        app.UseWebSockets();
        app.Run(async context =>
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            byte[] buffer = new byte[1000];
            while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: WebSocketMessageType.Text } received)
            {
                await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "done", context.RequestAborted);
        });
    }
}
