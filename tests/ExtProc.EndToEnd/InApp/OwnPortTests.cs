using System.Net;
using System.Net.Sockets;
using Envoy.Runner;
using ExtProc.EndToEnd.Authors;
using ExtProc.EndToEnd.Lab;
using ExtProc.Hosting;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExtProc.EndToEnd.InApp;

/// <summary>ext_proc on ports of its own beside those of an app, which stay as they are.</summary>
public sealed class OwnPortTests
{
    private const int TooManyBytes = 40_000_000;

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task Own_ports_serve_Envoy_and_the_apps_own_stay_as_they_are(string version)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int web = FreePort.Next(), own = FreePort.Next();
        await using App app = await App.StartAsync(builder => builder.Listen(web).Services.AddMarking().Listen(own), MapUpload);
        await using AppEnvoy envoy = await AppEnvoy.StartAsync(version, deadline.Token, new Way("own", own));

        Assert.Equal((200, "default"), await envoy.AskAsync("own", deadline.Token));
        Assert.Equal(1, app.Marks.Count);
        Assert.Equal(200, await App.StatusAsync(web, "/hello", HttpVersion.Version11, deadline.Token));
        Assert.Equal(413, await UploadAsync(web, deadline.Token));
        Assert.Equal(404, await App.StatusAsync(own, "/hello", HttpVersion.Version20, deadline.Token));
        Assert.Equal(StatusCode.Unimplemented, await HealthCalls.StatusAsync(own, "inapp.v1.Visits", "Count", deadline.Token));
        Assert.Equal(Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus.Serving, await HealthCalls.CheckAsync(own, "", deadline.Token));
        Assert.DoesNotContain(app.Log.All, line => line.Contains("not set up for it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_own_ports_serve_is_not_on_the_apps()
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int web = FreePort.Next();
        await using App app = await App.StartAsync(
            builder => builder.Listen(web, Microsoft.AspNetCore.Server.Kestrel.Core.HttpProtocols.Http2).Services.AddMarking().Listen(FreePort.Next()), _ => { });

        Assert.Equal(StatusCode.Unimplemented, await HealthCalls.StatusAsync(web, "envoy.service.ext_proc.v3.ExternalProcessor", "Process", deadline.Token));
        Assert.Equal(StatusCode.Unimplemented, await HealthCalls.StatusAsync(web, "grpc.health.v1.Health", "Check", deadline.Token));
        Assert.Equal(5, await App.AskOwnServiceAsync(web, deadline.Token));
    }

    [Fact]
    public async Task An_app_opens_its_own_ports_and_no_other()
    {
        int web = FreePort.Next();
        await using App app = await App.StartAsync(builder => builder.Listen(web).Services.AddMarking(), mapped => mapped.MapExtProc());

        Assert.Equal([$"http://127.0.0.1:{web}"], app.Web.Urls);
        Assert.Empty(app.Web.Services.GetRequiredService<OwnListeners>().Addresses);
        Assert.Null(app.Web.Services.GetRequiredService<AdminServer>().Address);
    }

    /// <summary>Kestrel's settings are changed where the app asks for it, and then for all of its ports.</summary>
    [Theory]
    [InlineData(false, 413)]
    [InlineData(true, 200)]
    public async Task The_limit_of_bodies_falls_only_with_UseExtProcTransport(bool isUsed, int status)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int web = FreePort.Next();
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.Listen(web).Services.AddMarking();
                if (isUsed)
                {
                    builder.WebHost.UseExtProcTransport();
                }
            },
            mapped =>
            {
                mapped.MapExtProc();
                MapUpload(mapped);
            });

        Assert.Equal(status, await UploadAsync(web, deadline.Token));
    }

    [Fact]
    public async Task Own_ports_close_in_a_drain_whatever_the_app_still_answers()
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously), release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int web = FreePort.Next(), own = FreePort.Next();
        await using App app = await App.StartAsync(
            builder => builder.Listen(web).Services.AddMarking().Listen(own),
            app => app.MapGet("/slow", async () =>
            {
                begun.SetResult();
                await release.Task;
            }));
        Task<int> slow = App.StatusAsync(web, "/slow", HttpVersion.Version11, deadline.Token);
        await begun.Task.WaitAsync(deadline.Token);

        Task stopping = app.Web.StopAsync(deadline.Token);
        while (await TakesConnectionsAsync(own, deadline.Token))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, deadline.Token);
        }

        Assert.False(slow.IsCompleted);
        release.SetResult();
        Assert.Equal(200, await slow);
        await stopping;
    }

    private static async Task<bool> TakesConnectionsAsync(int port, CancellationToken cancel)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task A_worker_without_a_web_server_serves(string version)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int own = FreePort.Next();
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        using LogLines log = new();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddMarking("worker").Listen(own);
        using IHost worker = builder.Build();
        await worker.StartAsync(deadline.Token);
        await using (AppEnvoy envoy = await AppEnvoy.StartAsync(version, deadline.Token, new Way("worker", own)))
        {
            Assert.Equal((200, "worker"), await envoy.AskAsync("worker", deadline.Token));
        }

        Assert.Single(log.All, line => line.StartsWith($"listening on 127.0.0.1:{own}", StringComparison.Ordinal));
        await worker.StopAsync(deadline.Token);
        Assert.True(FreePort.IsFree(own));
    }

    private static void MapUpload(WebApplication web) => web.MapPost("/upload", (HttpRequest request) => request.Body.CopyToAsync(Stream.Null));

    private static async Task<int> UploadAsync(int port, CancellationToken cancel)
    {
        using HttpClient client = new();
        using ByteArrayContent body = new(new byte[TooManyBytes]);
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri($"http://127.0.0.1:{port}/upload")) { Content = body, Headers = { ExpectContinue = true } };
        using HttpResponseMessage answer = await client.SendAsync(request, cancel);
        return (int)answer.StatusCode;
    }
}
