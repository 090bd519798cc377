using System.Net;
using Envoy.Runner;
using Envoy.Service.ExtProc.V3;
using ExtProc.Hosting;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using V1 = Grpc.Reflection.V1;
using V1Alpha = Grpc.Reflection.V1Alpha;

namespace ExtProc.EndToEnd.InApp;

/// <summary>How an app puts ext_proc together, and what it is told when it does so in a way that cannot work.</summary>
public sealed class WiringTests
{
    private const string Service = "envoy.service.ext_proc.v3.ExternalProcessor";

    /// <summary>Ways that cannot work: how it is mapped, and words of the error.</summary>
    private static readonly Dictionary<string, (Action<WebApplication> Map, string Error)> Refused = new()
    {
        ["two for every host"] = (web => { web.MapExtProc(); web.MapExtProc("inner"); }, "more than one of them on every host and every port"),
        ["two for one host"] = (web => { web.MapExtProc().RequireHost("a.test", "b.test"); web.MapExtProc("inner").RequireHost("B.test"); }, "more than one of them on the host B.test and every port"),
        ["two for one port"] = (web => { web.MapExtProc().RequireLocalPort(1, 2); web.MapExtProc("inner").RequireLocalPort(2, 3); }, "more than one of them on every host and port 2"),
        ["the same one twice"] = (web => { web.MapExtProc(); web.MapExtProc(); }, "each call would be ambiguous; give each a port or a host: app.MapExtProc(…).RequireLocalPort(9002)"),
        ["no such pipeline"] = (web => web.MapExtProc("outer"), "there is no pipeline \"outer\"; add it with AddExtProc().AddPipeline(\"outer\", …)"),
        ["no port"] = (web => web.MapExtProc().RequireLocalPort(), "name the ports on which it is served"),
    };

    public static TheoryData<string> RefusedWays => [.. Refused.Keys];

    [Theory]
    [MemberData(nameof(RefusedWays))]
    public async Task What_cannot_work_fails_the_start(string way)
    {
        Exception? failure = await Record.ExceptionAsync(async () =>
        {
            await using App app = await App.StartAsync(builder => builder.ListenForEnvoy(FreePort.Next()).Services.AddMarking().AddPipeline("inner"), Refused[way].Map);
        });

        Assert.Contains(Refused[way].Error, failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoints_for_a_host_or_a_port_stand_beside_one_for_all()
    {
        await using App app = await App.StartAsync(
            builder => builder.ListenForEnvoy(FreePort.Next()).Services.AddMarking().AddPipeline("by-host").AddPipeline("by-port"),
            web =>
            {
                web.MapExtProc();
                web.MapExtProc("by-host").RequireHost("a.test");
                web.MapExtProc("by-port").RequireLocalPort(9002);
            });

        Assert.DoesNotContain(app.Log.All, line => line.Contains("ambiguous", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_path_that_Envoy_does_not_ask_for_is_warned_of()
    {
        await using App app = await App.StartAsync(builder => builder.ListenForEnvoy(FreePort.Next()).Services.AddMarking(), web => web.MapGroup("/inner").MapExtProc());

        Assert.Single(app.Log.All, line => line.Contains($"/inner/{Service}/Process", StringComparison.Ordinal) && line.Contains("Envoy asks for", StringComparison.Ordinal));
    }

    [Fact]
    public void MapExtProc_without_AddExtProc_says_so()
    {
        using WebApplicationHolder bare = new(WebApplication.CreateBuilder().Build());

        Assert.Contains("builder.Services.AddExtProc()", Assert.Throws<InvalidOperationException>(() => bare.Web.MapExtProc()).Message, StringComparison.Ordinal);
        Assert.Contains("builder.Services.AddExtProc()", Assert.Throws<InvalidOperationException>(bare.Web.MapExtProcFallback).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UseExtProcTransport_without_AddExtProc_says_so()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder().ListenForEnvoy(FreePort.Next());

        Exception? failure = await Record.ExceptionAsync(async () =>
        {
            await using WebApplication app = builder.Build();
            await app.StartAsync();
        });

        Assert.Contains("builder.Services.AddExtProc()", failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_says_what_is_served_where()
    {
        int open = FreePort.Next(), closed = FreePort.Next();
        await using App app = await App.StartAsync(
            builder => builder.ListenForEnvoy(open).Services.AddMarking().AddPipeline("by-port").AddPipeline("forgotten"),
            web =>
            {
                web.MapExtProc().RequireLocalPort(open);
                web.MapExtProc("by-port").RequireLocalPort(closed);
            });

        Assert.Single(app.Log.All, $"ext_proc is served on every host and port {open}, pipeline: mark");
        Assert.Single(app.Log.All, $"ext_proc is served on every host and port {closed}, pipeline: everything passes");
        Assert.Single(app.Log.All, $"ext_proc is mapped for port {closed} alone, and this app listens on http://127.0.0.1:{open}");
        Assert.Single(app.Log.All, line => line.StartsWith("pipeline \"forgotten\" is served nowhere: map it with app.MapExtProc(\"forgotten\")", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task An_app_that_serves_ext_proc_nowhere_is_told(bool isMapped, bool listens)
    {
        await using App app = await App.StartAsync(
            builder =>
            {
                ExtProcBuilder extproc = builder.ListenForEnvoy(FreePort.Next()).Services.AddMarking();
                _ = listens ? extproc.Listen(FreePort.Next()) : extproc;
            },
            web => _ = isMapped ? web.MapExtProc() : null);

        Assert.Equal(!isMapped && !listens, app.Log.All.Any(line => line.StartsWith("ext_proc is served nowhere", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AddExtProc_twice_is_one_server()
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.Listen(FreePort.Next()).Services.AddMarking();
                builder.Services.AddExtProc().Listen(port).Configure(options => options with { LogExchanges = true });
            },
            _ => { });

        Assert.Equal("default", await MarkedByAsync($"http://127.0.0.1:{port}", null, deadline.Token));
        Assert.Single(app.Log.All, line => line.StartsWith($"listening on 127.0.0.1:{port}", StringComparison.Ordinal));
        Assert.Single(app.Web.Services.GetServices<ServedPipelines>());
    }

    [Fact]
    public async Task TestHost_serves_it_in_memory()
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        await using App app = await InMemoryAsync(drainTimeout: AppEnvoy.Patience);
        TestServer server = app.Web.GetTestServer();
        using HttpMessageHandler handler = server.CreateHandler();

        Assert.Equal("default", await MarkedByAsync(server.BaseAddress.ToString(), handler, deadline.Token));
        Assert.DoesNotContain(app.Log.All, line => line.Contains("not set up for it", StringComparison.Ordinal));
        await app.Web.StopAsync(deadline.Token);
    }

    [Fact]
    public async Task TestHost_ends_what_is_left_when_it_stops()
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        await using App app = await InMemoryAsync(drainTimeout: TimeSpan.FromMilliseconds(100));
        TestServer server = app.Web.GetTestServer();
        using HttpMessageHandler handler = server.CreateHandler();
        using GrpcChannel channel = GrpcChannel.ForAddress(server.BaseAddress, new GrpcChannelOptions { HttpHandler = handler });
        using AsyncDuplexStreamingCall<ProcessingRequest, ProcessingResponse> call = new ExternalProcessor.ExternalProcessorClient(channel).Process(cancellationToken: deadline.Token);
        await call.RequestStream.WriteAsync(new ProcessingRequest { RequestHeaders = Headers((":method", "GET"), (":path", "/"), (":authority", "h.test"), (":scheme", "http")) }, deadline.Token);
        Assert.True(await call.ResponseStream.MoveNext(deadline.Token));

        await app.Web.StopAsync(deadline.Token);

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(deadline.Token))).StatusCode);
        Assert.DoesNotContain(app.Log.All, line => line.Contains("abandoned", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_nobody_serves_is_answered_by_the_app_unless_it_asks_for_our_answer(bool isOurs)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await App.StartAsync(
            builder => builder.ListenForEnvoy(port).Services.AddMarking(),
            web =>
            {
                web.MapExtProc();
                if (isOurs)
                {
                    web.MapExtProcFallback();
                }
            });
        using HttpClient client = new() { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/nothing/here/at/all"), deadline.Token);

        Assert.Equal(404, (int)answer.StatusCode);
        Assert.Equal(isOurs, (await answer.Content.ReadAsStringAsync(deadline.Token)).Contains("this port serves gRPC", StringComparison.Ordinal));
        Assert.Equal(StatusCode.Unimplemented, await HealthCalls.UnknownMethodAsync(port, deadline.Token));
        Assert.Equal(StatusCode.Unimplemented, await HealthCalls.StatusAsync(port, Service, "Other", deadline.Token));
        Assert.Equal(StatusCode.Unimplemented, await HealthCalls.StatusAsync(port, "inapp.v1.Visits", "Other", deadline.Token));
    }

    [Fact]
    public async Task The_apps_own_fallback_answers_what_nobody_serves()
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await App.StartAsync(
            builder => builder.ListenForEnvoy(port).Services.AddMarking(),
            web =>
            {
                web.MapExtProc();
                web.MapFallback(() => "the app's");
            });

        Assert.Equal(200, await App.StatusAsync(port, "/nothing", HttpVersion.Version20, deadline.Token));
        Assert.Equal(200, await App.StatusAsync(port, "/two/parts", HttpVersion.Version20, deadline.Token));
    }

    /// <summary>Where reflection is asked for, and by whom.</summary>
    [Theory]
    [InlineData(true, false, false)]
    [InlineData(true, true, false)]
    [InlineData(true, false, true)]
    [InlineData(false, false, false)]
    [InlineData(false, true, false)]
    public async Task Reflection_lists_the_services_where_it_is_on(bool isMapped, bool isOn, bool isTheApps)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await App.StartAsync(
            builder =>
            {
                ExtProcBuilder extproc = builder.Services.AddMarking().Configure(options => options with { Reflection = isOn });
                (isMapped ? (Action)(() => builder.ListenForEnvoy(port)) : () => { builder.Listen(FreePort.Next()); extproc.Listen(port); })();
            },
            web =>
            {
                if (isMapped)
                {
                    web.MapExtProc();
                }

                if (isTheApps)
                {
                    web.MapGrpcReflectionService();
                }
            });

        foreach (IReadOnlyList<string>? services in (IReadOnlyList<string>?[])[await ServicesAsync(port, deadline.Token), await OldServicesAsync(port, deadline.Token)])
        {
            Assert.Equal(isOn || isTheApps, services is not null);
            Assert.All((string[])[Service, "grpc.health.v1.Health", "inapp.v1.Visits"], name => Assert.True(services?.Contains(name) ?? true, name));
        }
    }

    [Fact]
    public async Task The_apps_own_reflection_service_answers_in_place_of_ours()
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await App.StartAsync(
            builder => builder.ListenForEnvoy(port).Services.AddMarking().Configure(options => options with { Reflection = true }),
            web =>
            {
                web.MapExtProc();
                web.MapGrpcReflectionService();
            });

        Assert.Contains(Service, await ServicesAsync(port, deadline.Token) ?? []);
        Assert.Contains("inapp.v1.Visits", await OldServicesAsync(port, deadline.Token) ?? []);
    }

    private static Task<App> InMemoryAsync(TimeSpan drainTimeout) => App.StartAsync(
        builder =>
        {
            builder.WebHost.UseTestServer();
            builder.Services.AddMarking().Configure(options => options with { Drain = options.Drain with { Timeout = drainTimeout } });
        },
        web => web.MapExtProc());

    // What Envoy would be answered, by the generated client.
    internal static async Task<string> MarkedByAsync(string address, HttpMessageHandler? handler, CancellationToken cancel)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = handler });
        using AsyncDuplexStreamingCall<ProcessingRequest, ProcessingResponse> call = new ExternalProcessor.ExternalProcessorClient(channel).Process(cancellationToken: cancel);
        await call.RequestStream.WriteAsync(new ProcessingRequest { RequestHeaders = Headers((":method", "GET"), (":path", "/"), (":authority", "h.test"), (":scheme", "http")) }, cancel);
        Assert.True(await call.ResponseStream.MoveNext(cancel));
        Assert.Equal(ProcessingResponse.ResponseOneofCase.RequestHeaders, call.ResponseStream.Current.ResponseCase);
        await call.RequestStream.WriteAsync(new ProcessingRequest { ResponseHeaders = Headers((":status", "200")) }, cancel);
        Assert.True(await call.ResponseStream.MoveNext(cancel));
        string by = call.ResponseStream.Current.ResponseHeaders.Response.HeaderMutation.SetHeaders.Single(header => header.Header.Key == Mark.Header).Header.RawValue.ToStringUtf8();
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(cancel));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        return by;
    }

    private static HttpHeaders Headers(params (string Name, string Value)[] fields)
    {
        HttpHeaders headers = new() { Headers = new(), EndOfStream = true };
        foreach ((string name, string value) in fields)
        {
            headers.Headers.Headers.Add(new Envoy.Config.Core.V3.HeaderValue { Key = name, RawValue = Google.Protobuf.ByteString.CopyFromUtf8(value) });
        }

        return headers;
    }

    private static Task<IReadOnlyList<string>?> ServicesAsync(int port, CancellationToken cancel) => OrNullAsync(port, async channel =>
    {
        using var call = new V1.ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(cancellationToken: cancel);
        await TryAsync(call.RequestStream.WriteAsync(new() { ListServices = "" }, cancel));
        await call.ResponseStream.MoveNext(cancel);
        return [.. call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name)];
    });

    private static Task<IReadOnlyList<string>?> OldServicesAsync(int port, CancellationToken cancel) => OrNullAsync(port, async channel =>
    {
        using var call = new V1Alpha.ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(cancellationToken: cancel);
        await TryAsync(call.RequestStream.WriteAsync(new() { ListServices = "" }, cancel));
        await call.ResponseStream.MoveNext(cancel);
        return [.. call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name)];
    });

    // A call that was refused may have ended already; what it ended with is found where its answer is read.
    private static async Task TryAsync(Task write)
    {
        try
        {
            await write;
        }
        catch (RpcException)
        {
        }
    }

    private static async Task<IReadOnlyList<string>?> OrNullAsync(int port, Func<GrpcChannel, Task<string[]>> ask)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        try
        {
            return await ask(channel);
        }
        catch (RpcException none) when (none.StatusCode is StatusCode.Unimplemented)
        {
            return null;
        }
    }

    private sealed class WebApplicationHolder(WebApplication web) : IDisposable
    {
        public WebApplication Web => web;

        public void Dispose() => ((IDisposable)web).Dispose();
    }
}
