using System.Diagnostics;
using ExtProc.Configuration;
using ExtProc.Health;
using ExtProc.Hosting.Rehearsal;
using ExtProc.Pipeline.Encodings;
using ExtProc.Processors;
using ExtProc.Session;
using ExtProc.Telemetry;
using ExtProc.Transport;
using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ExtProc.Hosting;

/// <summary>All wiring of the library.</summary>
public static class ExtProcServices
{
    /// <summary>
    /// Adds an ext_proc server to an app. <see cref="ExtProcEndpoints.MapExtProc(Microsoft.AspNetCore.Routing.IEndpointRouteBuilder)"/> puts it
    /// onto the app's own ports; ports that the options name are opened beside these, for ext_proc alone. Whichever way, the app ends
    /// without losing an exchange. A second call changes nothing and returns the same.
    /// </summary>
    /// <returns>For processors, pipelines and settings.</returns>
    public static ExtProcBuilder AddExtProc(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.FirstOrDefault(service => service.ServiceType == typeof(ExtProcSetup)) is { ImplementationInstance: ExtProcSetup known })
        {
            return new(services, known);
        }

        ContentCoding.Prepare();
        ExtProcSetup setup = new();
        setup.Catalog.AddBuiltIn();
        services.AddSingleton(setup);

        // The configuration, read and checked when the first service wants it.
        services.AddOptions();
        services.AddSingleton<IOptionsFactory<ExtProcOptions>, ExtProcOptionsFactory>();
        services.AddSingleton<IOptions<ExtProcOptions>, OptionsReadOnce>();
        services.AddSingleton<IOptionsSnapshot<ExtProcOptions>, OptionsReadOnce>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptionsMonitor<ExtProcOptions>>().CurrentValue);
        services.AddSingleton(provider => provider.GetRequiredService<ServedPipelines>()[PipelineNames.Default].Plan);

        // Transport. Routing wants the listener, which a host without a web server of its own does not have.
        services.TryAddSingleton(_ => new DiagnosticListener("Microsoft.AspNetCore"));
        services.AddGrpcTransport(provider => provider.GetRequiredService<ExtProcOptions>().Transport);
        services.AddExternalProcessor();
        services.AddExtProcHealth();
        services.AddGrpcReflection();
        services.AddSingleton<ReflectionRoutes>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, LocalPortPolicy>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, AppRequests>());

        // Session.
        services.AddMetrics();
        services.AddSingleton<ExchangeCounters>();
        services.AddSingleton<TransportGauges>();
        services.AddSingleton<ServedPipelines>();

        // Beginning and end. The admin port is added first, so it opens first and closes last; an app's own ports open last.
        services.AddSingleton<Interrupts>();
        services.AddSingleton<AdminServer>();
        services.AddHostedService(provider => provider.GetRequiredService<AdminServer>());
        services.AddHostedService<HandlerWatch>();
        services.AddHostedService<Rehearser>();
        services.AddSingleton<OwnListeners>();
        services.AddHostedService(provider => provider.GetRequiredService<OwnListeners>());
        services.AddHostedService<Drain>();
        services.AddHostedService<AppCheck>();
        services.AddOptions<HostOptions>().PostConfigure<ExtProcOptions>(AllowTheDrain);
        return new(services, setup);
    }

    /// <summary>Adds the service to those of Grpc.AspNetCore.</summary>
    internal static void AddExternalProcessor(this IServiceCollection services)
    {
        services.AddGrpc().AddServiceOptions<ExternalProcessorService>(options => options.SuppressCreatingService = true);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceMethodProvider<ExternalProcessorService>, ExternalProcessorService.Methods>());
    }

    private static void AllowTheDrain(HostOptions host, ExtProcOptions options)
    {
        TimeSpan needed = Drain.Longest(options.Drain);
        host.ShutdownTimeout = host.ShutdownTimeout > needed ? host.ShutdownTimeout : needed;
    }
}
