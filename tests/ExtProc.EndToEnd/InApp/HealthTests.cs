using Envoy.Runner;
using ExtProc.Hosting;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ExtProc.EndToEnd.InApp;

/// <summary>What an app with ext_proc in it says of its health by gRPC.</summary>
public sealed class HealthTests
{
    private const string ExternalProcessor = "envoy.service.ext_proc.v3.ExternalProcessor";

    [Theory]
    [InlineData("", true, ServingStatus.Serving)]
    [InlineData("readiness", true, ServingStatus.Serving)]
    [InlineData("liveness", true, ServingStatus.Serving)]
    [InlineData(ExternalProcessor, true, ServingStatus.Serving)]
    [InlineData("", false, ServingStatus.NotServing)]
    [InlineData("readiness", false, ServingStatus.NotServing)]
    [InlineData("liveness", false, ServingStatus.Serving)]
    [InlineData(ExternalProcessor, false, ServingStatus.NotServing)]
    [InlineData("unknown", true, null)]
    public async Task The_apps_own_checks_count_for_readiness(string service, bool isWell, ServingStatus? status)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.ListenForEnvoy(port).Services.AddMarking();
                builder.Services.AddHealthChecks().AddCheck("database", () => isWell ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
            },
            web => web.MapExtProc());

        Assert.Equal(status, await HealthCalls.CheckAsync(port, service, deadline.Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_apps_own_health_service_answers_and_the_log_names_it(bool isFirst)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await StartAsync(port, isFirst, web => web.MapGrpcService<OwnHealth>());

        Assert.Equal(ServingStatus.ServiceUnknown, await HealthCalls.CheckAsync(port, "", deadline.Token));
        Assert.Single(app.Log.All, line => line.Contains("/grpc.health.v1.Health/", StringComparison.Ordinal) && line.Contains("of this app answers health checks", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_frameworks_health_service_that_the_app_maps_is_the_apps(bool isFirst)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await StartAsync(port, isFirst, web => web.MapGrpcHealthChecksService());

        Assert.Equal(ServingStatus.Serving, await HealthCalls.CheckAsync(port, "", deadline.Token));
        Assert.Single(app.Log.All, line => line.Contains("of this app answers health checks", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_watches_hears_of_the_end_before_the_ports_close(bool onOwnPort)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await App.StartAsync(
            builder =>
            {
                ExtProcBuilder extproc = builder.Services.AddMarking().Configure(options => options with { Drain = new() { Delay = TimeSpan.FromSeconds(2) } });
                if (onOwnPort)
                {
                    builder.Listen(FreePort.Next());
                    extproc.Listen(port);
                }
                else
                {
                    builder.ListenForEnvoy(port);
                }
            },
            web =>
            {
                if (!onOwnPort)
                {
                    web.MapExtProc();
                }
            });
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        Grpc.Health.V1.Health.HealthClient client = new(channel);
        using AsyncServerStreamingCall<HealthCheckResponse> watch = client.Watch(new() { Service = ExternalProcessor }, cancellationToken: deadline.Token);
        await UntilAsync(watch, ServingStatus.Serving, deadline.Token);

        Task stopping = app.Web.StopAsync(deadline.Token);
        await UntilAsync(watch, ServingStatus.NotServing, deadline.Token);
        Assert.Equal(ServingStatus.Serving, (await client.CheckAsync(new() { Service = "liveness" }, cancellationToken: deadline.Token)).Status);
        await stopping;
    }

    [Fact]
    public async Task Health_is_served_wherever_a_pipeline_is_mapped()
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int first = FreePort.Next(), second = FreePort.Next();
        await using App app = await App.StartAsync(
            builder => builder.ListenForEnvoy(first, second).Services.AddMarking().AddPipeline("inner"),
            web =>
            {
                web.MapGroup("").RequireLocalPort(first).MapExtProc();
                web.MapGroup("").RequireLocalPort(second).MapExtProc("inner");
            });

        Assert.Equal(ServingStatus.Serving, await HealthCalls.CheckAsync(first, ExternalProcessor, deadline.Token));
        Assert.Equal(ServingStatus.Serving, await HealthCalls.CheckAsync(second, ExternalProcessor, deadline.Token));
    }

    /// <summary>What configures the checks is made when they are, and the log before: neither may wait for the other.</summary>
    [Fact]
    public async Task What_configures_the_apps_checks_may_want_a_log()
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await Task.Run(() => App.StartAsync(
            builder =>
            {
                builder.ListenForEnvoy(port).Services.AddMarking();
                builder.Services.AddSingleton<IConfigureOptions<HealthCheckServiceOptions>, CheckWithLog>();
            },
            web => web.MapExtProc()), deadline.Token).WaitAsync(deadline.Token);

        Assert.Equal(ServingStatus.NotServing, await HealthCalls.CheckAsync(port, "", deadline.Token));
    }

    [Fact]
    public void The_host_is_given_the_time_that_the_drain_needs()
    {
        App app = App.Build(
            builder =>
            {
                builder.WebHost.UseUrls();
                builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
                builder.Services.AddMarking().Configure(options => options with { Drain = new() { Delay = TimeSpan.FromSeconds(20), Timeout = TimeSpan.FromSeconds(40) } });
            },
            web => web.MapExtProc());

        Assert.Equal(TimeSpan.FromSeconds(65), app.Web.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
    }

    private sealed class CheckWithLog(ILogger<CheckWithLog> log) : IConfigureOptions<HealthCheckServiceOptions>, IHealthCheck
    {
        public void Configure(HealthCheckServiceOptions options) => options.Registrations.Add(new("bus", this, failureStatus: null, tags: null));

        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(log.IsEnabled(LogLevel.Information) ? HealthCheckResult.Unhealthy() : HealthCheckResult.Healthy());
    }

    /// <summary>An app that maps a health service of its own, before ext_proc or after it.</summary>
    private static Task<App> StartAsync(int port, bool isFirst, Action<WebApplication> mapHealth)
    {
        Action<WebApplication> mapExtProc = web => web.MapExtProc();
        return App.StartAsync(builder => builder.ListenForEnvoy(port).Services.AddMarking(), isFirst ? mapHealth + mapExtProc : mapExtProc + mapHealth);
    }

    private static async Task UntilAsync(AsyncServerStreamingCall<HealthCheckResponse> watch, ServingStatus status, CancellationToken cancel)
    {
        while (await watch.ResponseStream.MoveNext(cancel))
        {
            if (watch.ResponseStream.Current.Status == status)
            {
                return;
            }
        }

        Assert.Fail($"the watch ended without {status}");
    }

    private sealed class OwnHealth : Grpc.Health.V1.Health.HealthBase
    {
        public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context) =>
            Task.FromResult(new HealthCheckResponse { Status = ServingStatus.ServiceUnknown });
    }
}
