using ExtProc.Health;
using ExtProc.Session;
using ExtProc.Telemetry;
using ExtProc.Transport;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ExtProc.Hosting;

/// <summary>
/// Finds what in the rest of an app is in the way of ext_proc on the app's own ports: another endpoint for the same calls, and settings of
/// its Kestrel. Checks once, when the app has started: not until then are all of its endpoints known.
/// </summary>
internal sealed class AppCheck(IServiceProvider services, IOptions<KestrelServerOptions> kestrel, ILogger<AppCheck> log) : IHostedLifecycleService
{
    /// <exception cref="InvalidOperationException">Two endpoints serve the same calls, so that each of these would fail.</exception>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        List<(Endpoint Endpoint, GrpcMethodMetadata Method)> methods =
        [
            .. from endpoint in services.GetService<EndpointDataSource>()?.Endpoints ?? []
               let method = endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()
               where method is not null && endpoint.Metadata.GetMetadata<OwnListeners.Mark>() is null
               select (endpoint, method),
        ];
        Endpoint[] processes = [.. Of(methods, ExternalProcessorService.Name)];
        RefuseTwo(processes);
        if (Of(methods, Grpc.Health.V1.Health.Descriptor.FullName).FirstOrDefault(endpoint => !HealthYields.Yields(endpoint)) is { } theirs && processes.Length > 0)
        {
            log.HealthIsTheApps(theirs.DisplayName ?? "an endpoint");
        }

        if (processes.Length > 0 && IsKestrelOfTheApp())
        {
            foreach (string problem in KestrelFit.Problems(kestrel.Value))
            {
                log.KestrelDoesNotFit(problem);
            }
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static IEnumerable<Endpoint> Of(List<(Endpoint Endpoint, GrpcMethodMetadata Method)> methods, string service) =>
        methods.Where(one => one.Method.Method.ServiceName == service).Select(one => one.Endpoint);

    private static void RefuseTwo(Endpoint[] processes)
    {
        HashSet<string> hosts = new(StringComparer.OrdinalIgnoreCase);
        foreach (Endpoint endpoint in processes)
        {
            if (HostsOf(endpoint).FirstOrDefault(host => !hosts.Add(host)) is { } twice)
            {
                throw new InvalidOperationException(
                    $"{processes.Length} endpoints serve {ExternalProcessorService.Name}, {(twice.Length == 0 ? "more than one of them on every host" : $"more than one of them on the host {twice}")} "
                    + $"({string.Join("; ", processes.Select(one => one.DisplayName))}), so that each call would be ambiguous; give each a port or a host: app.MapExtProc(…).RequireHost(\"*:9002\")");
            }
        }
    }

    // An endpoint for a host goes before one for every host, which is no conflict.
    private static IReadOnlyList<string> HostsOf(Endpoint endpoint) => endpoint.Metadata.GetMetadata<IHostMetadata>()?.Hosts is { Count: > 0 } hosts ? hosts : [""];

    // With our memory pool it has our settings, too, and what they say was chosen.
    private bool IsKestrelOfTheApp() =>
        services.GetService<IServer>()?.GetType().Assembly == typeof(KestrelServerOptions).Assembly && services.GetService<IMemoryPoolFactory<byte>>() is not BlockPool;
}
