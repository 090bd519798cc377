using System.Net;
using System.Net.Sockets;
using Envoy.Runner;
using ExtProc.EndToEnd.Lab;
using ExtProc.Hosting;
using ExtProc.Transport.Connections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ExtProc.EndToEnd.InApp;

/// <summary>ext_proc on the ports of an app, beside what else it serves there.</summary>
public sealed class PortTests
{
    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task One_port_serves_Envoy_gRPC_and_an_API(string version)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await App.StartAsync(builder => builder.ListenForEnvoy(port).Services.AddMarking(), web => web.MapExtProc());
        await using AppEnvoy envoy = await AppEnvoy.StartAsync(version, deadline.Token, new Way("one", port));

        Assert.Equal((200, "default"), await envoy.AskAsync("one", deadline.Token));
        Assert.Equal(5, await App.AskOwnServiceAsync(port, deadline.Token));
        Assert.Equal(200, await App.StatusAsync(port, "/hello", HttpVersion.Version20, deadline.Token));
        Assert.Equal(404, await App.StatusAsync(port, "/nothing", HttpVersion.Version20, deadline.Token));
        Assert.DoesNotContain(app.Log.All, line => line.Contains("not set up for it", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task Pipelines_have_ports_and_hosts_of_their_own(string version)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int web = FreePort.Next(), first = FreePort.Next(), second = FreePort.Next();
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.Listen(web).ListenForEnvoy(first, second);
                builder.Services.AddMarking()
                    .AddPipeline("by-port", pipeline => pipeline.Use("mark", new MarkOptions("port")))
                    .AddPipeline("by-host", pipeline => pipeline.Use("mark", new MarkOptions("host")))
                    .AddPipeline("by-both", pipeline => pipeline.Use("mark", new MarkOptions("both")));
            },
            web =>
            {
                web.MapExtProc().RequireLocalPort(first, second);
                web.MapExtProc("by-port").RequireLocalPort(second).RequireHost("*:7");
                web.MapExtProc("by-host").RequireHost("inner.test");
                web.MapExtProc("by-both").RequireHost("*.sub.test", "*:9002");
            });
        await using AppEnvoy envoy = await AppEnvoy.StartAsync(
            version, deadline.Token,
            new Way("first", first), new Way("second", second), new Way("port-named", second) { Authority = "any.test:7" },
            new Way("host", first) { Authority = "inner.test" }, new Way("sub", second) { Authority = "a.sub.test" }, new Way("port-of-host", first) { Authority = "b.test:9002" });

        Assert.Equal((200, "default"), await envoy.AskAsync("first", deadline.Token));
        Assert.Equal((200, "default"), await envoy.AskAsync("second", deadline.Token));
        Assert.Equal((200, "port"), await envoy.AskAsync("port-named", deadline.Token));
        Assert.Equal((200, "host"), await envoy.AskAsync("host", deadline.Token));
        Assert.Equal((200, "both"), await envoy.AskAsync("sub", deadline.Token));
        Assert.Equal((200, "both"), await envoy.AskAsync("port-of-host", deadline.Token));
        Assert.Equal(200, await App.StatusAsync(web, "/hello", HttpVersion.Version11, deadline.Token));
        Assert.Equal(5, await App.AskOwnServiceAsync(second, deadline.Token));
    }

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task Each_port_has_its_pipeline_whatever_the_authority_says(string version)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int first = FreePort.Next(), second = FreePort.Next(), third = FreePort.Next();
        await using App app = await App.StartAsync(
            builder => builder.ListenForEnvoy(first, second, third).Services.AddMarking()
                .AddPipeline("inner", pipeline => pipeline.Use("mark", new MarkOptions("inner"))),
            web =>
            {
                web.MapExtProc().RequireLocalPort(first);
                web.MapExtProc("inner").RequireLocalPort(second);
            });
        await using AppEnvoy envoy = await AppEnvoy.StartAsync(
            version, deadline.Token, new Way("first", first) { Authority = $"other.test:{second}" }, new Way("second", second), new Way("third", third));

        Assert.Equal((200, "default"), await envoy.AskAsync("first", deadline.Token));
        Assert.Equal((200, "inner"), await envoy.AskAsync("second", deadline.Token));
        Assert.Equal((500, null), await envoy.AskAsync("third", deadline.Token));
    }

    /// <summary>RequireHost goes by the authority, and Envoy's has no port unless the configuration names one.</summary>
    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task RequireHost_with_a_port_needs_an_authority_with_a_port(string version)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await App.StartAsync(
            builder => builder.ListenForEnvoy(port).Services.AddMarking(), web => web.MapExtProc().RequireHost($"*:{port}"));
        await using AppEnvoy envoy = await AppEnvoy.StartAsync(
            version, deadline.Token, new Way("cluster", port), new Way("named", port) { Authority = $"extproc.test:{port}" });

        Assert.Equal((500, null), await envoy.AskAsync("cluster", deadline.Token));
        Assert.Equal((200, "default"), await envoy.AskAsync("named", deadline.Token));
    }

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task Ports_that_come_from_urls_are_set_up_by_the_endpoint_defaults(string version)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
                builder.WebHost.UseExtProcTransport().ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(listener => listener.UseExtProc()));
                builder.Services.AddMarking();
            },
            web => web.MapExtProc());
        await using AppEnvoy envoy = await AppEnvoy.StartAsync(version, deadline.Token, new Way("url", port));

        Assert.Equal((200, "default"), await envoy.AskAsync("url", deadline.Token));
        Assert.Equal(5, await App.AskOwnServiceAsync(port, deadline.Token));
    }

    [Fact]
    public async Task UseExtProc_without_UseExtProcTransport_still_serves_and_is_warned_of()
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listener => listener.UseExtProc()));
                builder.Services.AddMarking();
            },
            web => web.MapExtProc());
        await using AppEnvoy envoy = await AppEnvoy.StartAsync(Versions.Tested[0], deadline.Token, new Way("half", port));

        Assert.Equal((200, "default"), await envoy.AskAsync("half", deadline.Token));
        Assert.Contains(app.Log.All, line => line.Contains("builder.WebHost.UseExtProcTransport() sets it", StringComparison.Ordinal));
    }

    /// <summary>Otherwise its guard would close it as one that nobody uses.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_of_the_app_keeps_its_connection_in_use(bool hasTransport)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await App.StartAsync(
            builder =>
            {
                _ = hasTransport ? builder.WebHost.UseExtProcTransport() : builder.WebHost;
                builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listener => listener.UseExtProc()));
                builder.Services.AddMarking();
            },
            web =>
            {
                web.MapExtProc();
                web.MapGet("/stage", (HttpContext context) => $"{context.Features.Get<GuardedConnection>()?.Stage}");
            });
        using HttpClient client = new() { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        Assert.Equal("Busy", await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/stage"), deadline.Token));
    }

    [Fact]
    public async Task A_unix_socket_is_a_port_too()
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.sock");
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.WebHost.UseExtProcTransport().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(path, listener => listener.UseExtProc()));
                builder.Services.AddMarking();
            },
            web => web.MapExtProc());
        using SocketsHttpHandler handler = new()
        {
            ConnectCallback = async (_, cancel) =>
            {
                Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };

        Assert.Equal("default", await WiringTests.MarkedByAsync("http://socket.test", handler, deadline.Token));
    }

    /// <summary>Without TLS Kestrel takes HTTP/2 only on a port that has nothing else.</summary>
    [Theory]
    [InlineData(HttpProtocols.Http1AndHttp2, 500)]
    [InlineData(HttpProtocols.Http2, 200)]
    public async Task A_port_in_clear_text_needs_HTTP2_and_nothing_else(HttpProtocols protocols, int status)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await App.StartAsync(builder => builder.Listen(port, protocols).Services.AddMarking(), web => web.MapExtProc());
        await using AppEnvoy envoy = await AppEnvoy.StartAsync(Versions.Tested[0], deadline.Token, new Way("clear", port));

        Assert.Equal(status, (await envoy.AskAsync("clear", deadline.Token)).Status);
        foreach (string setting in (string[])["MaxStreamsPerConnection is 100", "InitialConnectionWindowSize", "MaxRequestHeadersTotalSize", "AllowAlternateSchemes"])
        {
            Assert.Single(app.Log.All, line => line.Contains("not set up for it", StringComparison.Ordinal) && (line.Contains(setting, StringComparison.Ordinal) || (setting.EndsWith("TotalSize", StringComparison.Ordinal) && line.Contains("lines of headers", StringComparison.Ordinal))));
        }
    }

    [Fact]
    public async Task HTTP2_in_clear_text_on_a_port_for_both_is_told_with_its_cure()
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await App.StartAsync(builder => builder.ListenForEnvoy().Listen(port).Services.AddMarking(), web => web.MapExtProc());
        await using AppEnvoy envoy = await AppEnvoy.StartAsync(Versions.Tested[0], deadline.Token, new Way("clear", port));

        Assert.Equal(500, (await envoy.AskAsync("clear", deadline.Token)).Status);
        await App.UntilAsync(() => app.Log.All.Any(line => line.Contains("cleartext HTTP/2 with port.UseExtProc()", StringComparison.Ordinal)), deadline.Token);
    }
}
