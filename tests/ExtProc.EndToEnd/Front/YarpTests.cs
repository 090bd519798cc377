using System.Net;
using System.Text;
using Envoy.Runner;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using ExtProc.EndToEnd.Wire;
using ExtProc.Front;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace ExtProc.EndToEnd.Front;

/// <summary>The front before YARP, and within YARP's own pipeline.</summary>
public sealed class YarpTests
{
    private static readonly byte[] Sent = Pattern.Bytes(300_000);

    public static TheoryData<BodySendMode, UpstreamProtocol, bool> Each => Rows.Of(
        [BodySendMode.None, BodySendMode.Streamed, BodySendMode.Buffered, BodySendMode.FullDuplexStreamed], Enum.GetValues<UpstreamProtocol>(), Rows.Either);

    public static TheoryData<BodySendMode, UpstreamProtocol, bool> Flowing => Rows.Of(
        [BodySendMode.None, BodySendMode.FullDuplexStreamed], Enum.GetValues<UpstreamProtocol>(), Rows.Either);

    [Theory]
    [MemberData(nameof(Each))]
    public async Task Bodies_pass(BodySendMode mode, UpstreamProtocol upstream, bool isWithin)
    {
        await using FrontLab lab = await StartAsync(FrontSetup.In(mode), upstream, isWithin);
        foreach (ClientProtocol client in Enum.GetValues<ClientProtocol>())
        {
            foreach (bool declares in (bool[])[false, true])
            {
                var (answer, testId) = await lab.SendAsync(client, Call.Post("/echo", Pattern.Split(Sent, 4, 1)) with { DeclaresLength = declares });
                Check.Ok(Sent, answer);
                await lab.EndOfAsync(testId);
            }

            Check.Ok(Pattern.Bytes(1000), (await lab.SendAsync(client, Call.Get("/bytes?n=1000"))).Answer);
            Check.Complete(404, "status"u8.ToArray(), (await lab.SendAsync(client, Call.Get("/status?code=404"))).Answer);
            Check.Complete(204, [], (await lab.SendAsync(client, Call.Get("/status?code=204"))).Answer);
        }
    }

    [Theory]
    [MemberData(nameof(Flowing))]
    public async Task Events_arrive_one_by_one(BodySendMode mode, UpstreamProtocol upstream, bool isWithin)
    {
        await using FrontLab lab = await StartAsync(FrontSetup.In(mode), upstream, isWithin);
        foreach (ClientProtocol client in Enum.GetValues<ClientProtocol>())
        {
            var (exchange, testId) = await lab.BeginAsync(client, Call.Get("/sse?n=3"));
            for (int item = 0; item < 3; item++)
            {
                lab.Upstream.StepsOf(testId).Allow();
                if (item == 0)
                {
                    // YARP sends the head with the first bytes of the body.
                    Assert.Equal(200, (await exchange.ReadHeadAsync(lab.Cancel)).Status);
                }

                Assert.Equal($"data: item{item}\n\n", Encoding.UTF8.GetString(await FlowTests.ReadAsync(exchange, 13, lab.Cancel)));
            }

            Assert.Null(await exchange.ReadAsync(lab.Cancel));
        }
    }

    [Theory]
    [InlineData(BodySendMode.None, false)]
    [InlineData(BodySendMode.None, true)]
    [InlineData(BodySendMode.FullDuplexStreamed, false)]
    [InlineData(BodySendMode.FullDuplexStreamed, true)]
    public async Task A_gRPC_call_passes_item_by_item(BodySendMode mode, bool isWithin)
    {
        await using FrontLab lab = await StartAsync(FrontSetup.In(mode), UpstreamProtocol.Http2, isWithin);
        var headers = new Fields { { "content-type", "application/grpc" }, { "te", "trailers" } };
        var (exchange, testId) = await lab.BeginAsync(ClientProtocol.Http2, Call.Post("/test.Echo/Bidi") with { Headers = headers });
        for (int item = 0; item < 5; item++)
        {
            byte[] message = GrpcEcho.Frame(Encoding.UTF8.GetBytes($"item {item}"));
            await exchange.WriteAsync(message, lab.Cancel);
            if (item == 0)
            {
                Assert.Equal(200, (await exchange.ReadHeadAsync(lab.Cancel)).Status);
            }

            Check.Same(message, await FlowTests.ReadAsync(exchange, message.Length, lab.Cancel));
        }

        await exchange.EndAsync(null, lab.Cancel);
        Assert.Null(await exchange.ReadAsync(lab.Cancel));
        Assert.Equal("0", exchange.Trailers["grpc-status"]);
        await lab.EndOfAsync(testId);
        var refused = (await lab.SendAsync(ClientProtocol.Http2, Call.Post("/test.Echo/Refuse", GrpcEcho.Frame([1])) with { Headers = headers })).Answer;
        Assert.Equal(("7", null), (refused.Headers["grpc-status"] ?? refused.Trailers["grpc-status"], refused.CutShort));
    }

    [Theory]
    [InlineData(UpstreamProtocol.Http1)]
    [InlineData(UpstreamProtocol.Http2)]
    public async Task A_processor_says_where_YARP_goes_and_with_what(UpstreamProtocol upstream)
    {
        await using FrontLab lab = await StartAsync(
            FrontSetup.In(BodySendMode.None) with
            {
                Options = options => options.MutationRules = new() { AllowAllRouting = true },
                Declared = new() { MutationRules = new() { AllowAllRouting = true } },
                Does = new()
                {
                    RequestHeaders = (exchange, _) =>
                    {
                        exchange.RequestHeaders.Set(":path", "/text?say=rerouted");
                        exchange.RequestHeaders.Set(":authority", "other.test");
                        exchange.RequestHeaders.Set("x-added", "1");
                        return Verdict.Continue;
                    },
                },
            },
            upstream,
            isWithin: false);
        var (answer, testId) = await lab.SendAsync(ClientProtocol.Http2, Call.Get("/echo"));
        Check.Ok("rerouted", answer);
        SeenRequest seen = await lab.SeenAsync(testId);
        Assert.Equal(("/text?say=rerouted", "1"), (seen.Path, seen.Headers["x-added"]));
        Assert.Equal("other.test", seen.Headers["host"] ?? seen.Headers[":authority"]);
    }

    /// <summary>Of another type YARP need not send so little of a body at once.</summary>
    [Theory]
    [InlineData(BodySendMode.None, false)]
    [InlineData(BodySendMode.None, true)]
    [InlineData(BodySendMode.FullDuplexStreamed, false)]
    [InlineData(BodySendMode.FullDuplexStreamed, true)]
    public async Task When_the_client_goes_the_upstream_is_told(BodySendMode mode, bool isWithin)
    {
        await using FrontLab lab = await StartAsync(FrontSetup.In(mode), UpstreamProtocol.Http2, isWithin);
        var (exchange, testId) = await lab.BeginAsync(ClientProtocol.Http2, Call.Post("/echo") with { Headers = new Fields { { "content-type", "application/grpc" } } });
        await exchange.WriteAsync("aaa"u8.ToArray(), lab.Cancel);
        await exchange.ReadHeadAsync(lab.Cancel);
        Check.Same("aaa"u8.ToArray(), await FlowTests.ReadAsync(exchange, 3, lab.Cancel));
        await exchange.AbortAsync(lab.Cancel);
        Assert.False((await lab.SeenAsync(testId)).Complete);
        await lab.EndOfAsync(testId);
        await InApp.App.UntilAsync(() => lab.Front.OpenExchanges == 0, lab.Cancel);
    }

    private static Task<FrontLab> StartAsync(FrontSetup setup, UpstreamProtocol upstream, bool isWithin) => FrontLab.StartAsync(setup with
    {
        Services = (services, lab) => AddProxyTo(services, upstream == UpstreamProtocol.Http1 ? lab.Upstream.Http1Port : lab.Upstream.Http2Port, upstream),
        App = (app, lab) => Map(app, lab, isWithin),
    });

    /// <summary>One route, to one port.</summary>
    internal static void AddProxyTo(IServiceCollection services, int port, UpstreamProtocol protocol) => services.AddReverseProxy()
        .LoadFromMemory(
            [new RouteConfig { RouteId = "all", ClusterId = "upstream", Match = new() { Path = "{**all}" }, Transforms = [new Dictionary<string, string> { ["RequestHeaderOriginalHost"] = "true" }] }],
            [new ClusterConfig
            {
                ClusterId = "upstream",
                Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = $"http://127.0.0.1:{port}" } },
                HttpRequest = new ForwarderRequestConfig { Version = protocol == UpstreamProtocol.Http1 ? HttpVersion.Version11 : HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact },
            }]);

    internal static void Map(WebApplication app, FrontLab lab, bool isWithin)
    {
        if (!isWithin)
        {
            app.UseExtProc(lab.Configure);
            app.MapReverseProxy();
            return;
        }

        app.MapReverseProxy(proxy =>
        {
            proxy.UseExtProc(lab.Configure);
            proxy.UseLoadBalancing();
        });
    }
}
