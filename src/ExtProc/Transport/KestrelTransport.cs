using ExtProc.Transport.Connections;
using ExtProc.Transport.Refusals;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace ExtProc.Transport;

/// <summary>
/// Sets Kestrel up for gRPC as Envoy speaks it: few connections, thousands of long streams on each, most of them ended by a reset.
/// Kestrel's own settings are for web pages.
/// </summary>
internal static class KestrelTransport
{
    // Kestrel closes the whole connection (GOAWAY, ENHANCE_YOUR_CALM) when resets come faster than it can clear streams away, as a
    // defence against strangers. Here the peer is a proxy that resets every stream, and a GOAWAY fails all of its others; with the
    // count at zero only the streams above twice MaxStreamsPerConnection are refused. Read once a process, before the first connection.
    internal const string GoAwayAfterResets = "Microsoft.AspNetCore.Server.Kestrel.Http2.MaxEnhanceYourCalmCount";

    /// <summary>Whether Kestrel takes any number of resets.</summary>
    public static bool ResetsAreTaken => AppContext.GetData(GoAwayAfterResets) is 0 or "0";

    /// <summary>Registers what calls need, whatever server they come through: the budget, the guards of calls and connections, the pool.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range; the message names each.</exception>
    public static IServiceCollection AddGrpcTransport(this IServiceCollection services, GrpcTransportOptions options) =>
        options.Problems().ToList() is { Count: > 0 } problems
            ? throw new ArgumentException(string.Join("; ", problems), nameof(options))
            : services.AddGrpcTransport(_ => options);

    /// <summary>The same with options that are known only when the host is built, and were checked by whoever made them.</summary>
    public static IServiceCollection AddGrpcTransport(this IServiceCollection services, Func<IServiceProvider, GrpcTransportOptions> options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(provider => Budget(
            provider.GetRequiredService<GrpcTransportOptions>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<TransportBudget>>()));
        services.AddSingleton<BlockPool>();
        services.AddHostedService<MessageWatch>();
        services.AddSingleton<CallGuard>();
        services.AddSingleton<TransportRefusals>();
        services.AddSingleton(Guard);
        return services;
    }

    /// <summary>Sets a host's Kestrel up for it, in every way but for its ports.</summary>
    public static IServiceCollection AddKestrelTransport(this IServiceCollection services)
    {
        if (services.Any(service => service.ServiceType == typeof(KestrelEvents)))
        {
            return services;
        }

        // AddGrpcTransport, before or after, puts others in their place.
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<GrpcTransportOptions>(NotAdded<GrpcTransportOptions>);
        services.TryAddSingleton<ConnectionGuard>(NotAdded<ConnectionGuard>);

        AppContext.SetData(GoAwayAfterResets, 0);
        services.AddSingleton<IMemoryPoolFactory<byte>>(provider => provider.GetRequiredService<BlockPool>());
        KestrelEvents events = new();
        services.AddSingleton(events);
        services.AddLogging(logging => KestrelEvents.Hear(logging, events));
        services.TryAddSingleton<IConnectionListenerFactory, SocketTransportFactory>(); // for the host's other ports
        services.AddSingleton<IConnectionListenerFactory, GuardedListenerFactory>();
        services.AddOptions<KestrelServerOptions>().Configure<GrpcTransportOptions>(Limit)
            .Configure<TransportRefusals, ConnectionGuard>((_, refusals, guard) => (events.Listener, refusals.PeerOf) = (refusals, guard.PeerOf));
        services.AddOptions<SocketTransportOptions>().Configure<GrpcTransportOptions, TransportBudget>((sockets, limits, budget) =>
        {
            long bytes = Math.Min(limits.SocketBufferBytes, budget.ConnectionShareBytes);
            sockets.MaxReadBufferSize = bytes;
            sockets.MaxWriteBufferSize = bytes;
        });
        return services;
    }

    /// <summary>
    /// Makes a listener speak HTTP/2 and nothing else, and guards its connections. Without TLS HTTP/2 is spoken from the first byte
    /// ("prior knowledge").
    /// </summary>
    public static void UseGrpc(this ListenOptions listener)
    {
        listener.Protocols = HttpProtocols.Http2;
        listener.ApplicationServices.GetRequiredService<ConnectionGuard>()
            .Guard(listener, listener.ApplicationServices.GetRequiredService<TransportBudget>());
    }

    private static TService NotAdded<TService>(IServiceProvider services) =>
        throw new InvalidOperationException("UseExtProcTransport needs what builder.Services.AddExtProc() adds; call that too");

    private static TransportBudget Budget(GrpcTransportOptions options, TimeProvider time, ILogger<TransportBudget> log) => new(
        options.MemoryBudgetBytes == 0 ? TransportBudget.DefaultLimitBytes() : options.MemoryBudgetBytes, options, time, log);

    private static ConnectionGuard Guard(IServiceProvider services)
    {
        GrpcTransportOptions options = services.GetRequiredService<GrpcTransportOptions>();
        long? openFiles = OpenFiles.Limit();
        ConnectionLimits limits = ConnectionLimits.Of(options, services.GetRequiredService<TransportBudget>().LimitBytes, openFiles);
        if (options.MaxConnections > limits.Max)
        {
            services.GetRequiredService<ILogger<ConnectionGuard>>().FewerConnections(options.MaxConnections, openFiles, limits.Max);
        }

        return new(RefusalCause.ConnectionLimit, isHttp2: true, limits, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<TransportRefusals>());
    }

    private static void Limit(KestrelServerOptions kestrel, GrpcTransportOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.AllowAlternateSchemes = true; // Envoy sends ":scheme: http" over TLS too
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        limits.MaxResponseBufferSize = options.ResponseBufferBytes;
        limits.KeepAliveTimeout = options.IdleConnectionTimeout;
        limits.MaxRequestHeadersTotalSize = options.HeaderBytes;
        limits.MaxRequestHeaderCount = options.HeaderCount;
        limits.Http2.MaxRequestHeaderFieldSize = options.HeaderBytes;
        limits.Http2.MaxStreamsPerConnection = options.MaxStreamsPerConnection;
        limits.Http2.InitialStreamWindowSize = options.StreamWindowBytes;
        limits.Http2.InitialConnectionWindowSize = options.ConnectionWindowBytes;
        limits.Http2.KeepAlivePingDelay = options.KeepAlivePingDelay;
        limits.Http2.KeepAlivePingTimeout = options.KeepAlivePingTimeout;
    }
}
