using ExtProc.Configuration;
using ExtProc.Hosting.Rehearsal;
using ExtProc.Pipeline;
using ExtProc.Pipeline.Encodings;
using ExtProc.Processors;
using ExtProc.Session;
using ExtProc.Telemetry;
using ExtProc.Transport;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExtProc.Hosting;

/// <summary>All wiring of the library.</summary>
public static class ExtProcServices
{
    /// <summary>
    /// Adds an ext_proc server to a host: its Kestrel listens where the options say (127.0.0.1:9000 if they do not), speaks HTTP/2 there,
    /// and ends without losing an exchange. <see cref="ExtProcEndpoints.MapExtProc"/> opens the service itself.
    /// </summary>
    /// <returns>For processors and settings.</returns>
    public static ExtProcBuilder AddExtProc(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        ContentCoding.Prepare();
        ExtProcSetup setup = new();
        setup.Catalog.AddBuiltIn();
        services.AddRouting();
        services.AddSingleton(setup);

        // The configuration, read and checked when the first service wants it.
        services.AddSingleton(provider => setup.Load(provider.GetRequiredService<ILoggerFactory>().CreateLogger<ExtProcSetup>()));
        services.AddSingleton(provider => PlanOf(provider.GetRequiredService<ExtProcOptions>(), provider));

        // Transport.
        services.AddGrpcTransport(provider => provider.GetRequiredService<ExtProcOptions>().Transport);
        services.AddOptions<KestrelServerOptions>().Configure<ExtProcOptions>(Listen);

        // Session.
        services.AddSingleton<ExchangeLog>();
        services.AddMetrics();
        services.AddSingleton<ExchangeCounters>();
        services.AddSingleton<TransportGauges>();
        services.AddSingleton<ExchangeService>();

        // Beginning and end. The admin port is added first, so it opens first and closes last; Kestrel's ports open last.
        services.AddSingleton<Readiness>();
        services.AddSingleton<Interrupts>();
        services.AddSingleton<AdminServer>();
        services.AddHostedService(provider => provider.GetRequiredService<AdminServer>());
        services.AddHostedService<Rehearser>();
        services.AddHostedService<Drain>();
        services.AddHostedService<HandlerWatch>();
        services.AddOptions<HostOptions>().PostConfigure<ExtProcOptions>(AllowTheDrain);
        return new(services, setup);
    }

    private static PipelinePlan PlanOf(ExtProcOptions options, IServiceProvider services)
    {
        var plan = PipelinePlan.Build(options, services, out var problems);
        return problems.Count == 0 ? plan : throw new ConfigException([.. problems.Select(problem => problem.Told(isWarning: false))]);
    }

    private static void Listen(KestrelServerOptions kestrel, ExtProcOptions options)
    {
        foreach (var listener in options.Listeners)
        {
            kestrel.Listen(listener.Address.EndPoint!, KestrelTransport.UseGrpc);
        }
    }

    private static void AllowTheDrain(HostOptions host, ExtProcOptions options)
    {
        TimeSpan needed = Drain.Longest(options.Drain);
        host.ShutdownTimeout = host.ShutdownTimeout > needed ? host.ShutdownTimeout : needed;
    }
}
