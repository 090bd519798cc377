using System.Diagnostics.Metrics;
using ExtProc.Configuration;
using ExtProc.Health;
using ExtProc.Telemetry;
using ExtProc.Transport;
using ExtProc.Transport.Connections;
using ExtProc.Transport.Refusals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExtProc.Hosting;

/// <summary>
/// Opens the ports of <see cref="ExtProcOptions.Listeners"/> beside an app's own. A Kestrel of their own, because one Kestrel has one set of
/// limits: the app's stay as they are, and so do its ports and its middleware. Streams get their services from the app.
/// </summary>
internal sealed class OwnListeners(ExtProcSetup setup, ExtProcOptions options, ServedPipelines pipelines, IServiceProvider services, ILogger<OwnListeners> log)
    : IHostedService, IAsyncDisposable
{
    private WebApplication? _server;
    private Task? _stopping;

    /// <summary>Where they are, once they are open.</summary>
    public IReadOnlyList<string> Addresses => [.. _server?.ListenAddresses() ?? []];

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (setup.IsProgram || options.Listeners.Count == 0)
        {
            return;
        }

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        Share(builder.Services);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Drain.Longest(options.Drain));

        // What Kestrel refuses is heard here; the app's own transport, where it has one, must not hear it once more.
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new AppLog(services.GetRequiredService<ILoggerFactory>()))
            .AddFilter<AppLog>(KestrelEvents.Http2, LogLevel.Information).AddFilter<AppLog>(KestrelEvents.BadRequests, LogLevel.Information);
        builder.WebHost.UseKestrelCore().UseExtProcTransport().ConfigureKestrel(kestrel => kestrel.ListenForEnvoy(options));
        builder.Services.Replace(ServiceDescriptor.Singleton<IMemoryPoolFactory<byte>>(services.GetRequiredService<BlockPool>()));
        WebApplication server = _server = builder.Build();
        RequestDelegate serve = Endpoints();
        IServiceScopeFactory scopes = services.GetRequiredService<IServiceScopeFactory>();
        server.Run(context =>
        {
            context.Features.Set<IServiceProvidersFeature>(new RequestServicesFeature(context, scopes));
            return serve(context);
        });
        await server.StartAsync(cancellationToken).ConfigureAwait(false);
        log.Listening(string.Join(", ", Addresses), pipelines[PipelineNames.Default].Description);
    }

    /// <summary>Closes the ports, beside the app's own, which may have longer to go. <see cref="StopAsync"/> waits for it.</summary>
    public void BeginStop() => _stopping ??= _server?.StopAsync(CancellationToken.None);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        BeginStop();
        await (_stopping ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            _server = null;
            await server.DisposeAsync().ConfigureAwait(false);
        }
    }

    // Instances, which the other container does not dispose of.
    private void Share(IServiceCollection own)
    {
        own.AddSingleton(services.GetRequiredService<TimeProvider>());
        own.AddSingleton(services.GetRequiredService<GrpcTransportOptions>());
        own.AddSingleton(services.GetRequiredService<TransportBudget>());
        own.AddSingleton(services.GetRequiredService<BlockPool>());
        own.AddSingleton(services.GetRequiredService<ConnectionGuard>());
        own.AddSingleton(services.GetRequiredService<TransportRefusals>());
        own.Replace(ServiceDescriptor.Singleton(services.GetRequiredService<IMeterFactory>()));
    }

    private RequestDelegate Endpoints()
    {
        ApplicationBuilder app = new(services);
        app.UseExtProcAlone(routes =>
        {
            routes.WithMetadata(new Mark());
            routes.MapExternalProcessor(pipelines[PipelineNames.Default].Exchanges);
            services.GetRequiredService<HealthRoutes>().Map(routes);
            if (options.Reflection)
            {
                services.GetRequiredService<ReflectionRoutes>().Map(routes);
            }
        });
        return app.Build();
    }

    /// <summary>Marks the endpoints behind these ports, which the app's ports do not have.</summary>
    internal sealed class Mark;

    /// <summary>Writes to the app's log.</summary>
    private sealed class AppLog(ILoggerFactory app) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => app.CreateLogger(categoryName);

        public void Dispose()
        {
            // The app's.
        }
    }
}
