using System.Diagnostics.Metrics;
using System.Net;
using ExtProc.Health;
using ExtProc.Session;
using ExtProc.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace ExtProc.Hosting.Rehearsal;

/// <summary>
/// A second server for the time of the rehearsal, on a loopback port that the system chooses: the same transport and the same pipeline,
/// with memory, logs and meters of its own, so that nothing of it is seen in the real one's.
/// </summary>
internal sealed class RehearsalStage : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RehearsalStage(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public EndPoint Address => IPEndPoint.Parse(new Uri(_app.Urls.First()).Authority);

    /// <summary>Opens it.</summary>
    public static async Task<RehearsalStage> OpenAsync(GrpcTransportOptions transport, ExchangeService exchanges, CancellationToken cancellation)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpcTransport(_ => transport);
        builder.Services.AddExternalProcessor();
        builder.Services.AddExtProcHealth();
        builder.Services.Replace(ServiceDescriptor.Singleton<IMeterFactory, NamelessMeters>());
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().UseExtProcTransport().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseGrpc()));
        WebApplication app = builder.Build();
        app.UseExtProcAlone(routes =>
        {
            routes.MapExternalProcessor(exchanges);
            app.Services.GetRequiredService<HealthRoutes>().Map(routes);
        });
        await app.StartAsync(cancellation).ConfigureAwait(false);
        return new(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Who listens to Kestrel's meters, which it does by their names, does not hear of the rehearsal.</summary>
    private sealed class NamelessMeters : IMeterFactory
    {
        private readonly Meter _meter = new("ExtProc.Rehearsal");

        public Meter Create(MeterOptions options) => _meter;

        public void Dispose() => _meter.Dispose();
    }
}
