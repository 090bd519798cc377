using ExtProc.Session;
using ExtProc.Telemetry;
using ExtProc.Transport;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ExtProc.Hosting;

/// <summary>
/// Says what an app serves on its own ports, and finds what in the rest of it is in the way: another endpoint for the same calls, ports that
/// are not open, and settings of its Kestrel. Checks once, when the app has started: not until then are all of its endpoints known.
/// </summary>
internal sealed class AppCheck(IServiceProvider services, ExtProcSetup setup, ServedPipelines pipelines, IOptions<KestrelServerOptions> kestrel, ILogger<AppCheck> log)
    : IHostedLifecycleService
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
        if (!setup.IsProgram)
        {
            TellWhatIsServed(processes);
            TellClosedPorts(processes);
        }

        foreach (string path in processes.OfType<RouteEndpoint>().Select(endpoint => $"/{endpoint.RoutePattern.RawText?.TrimStart('/')}").Where(path => path != ExternalProcessorService.Path))
        {
            log.PathIsNotEnvoys(path, ExternalProcessorService.Path);
        }

        if (Of(methods, Grpc.Health.V1.Health.Descriptor.FullName).FirstOrDefault(endpoint => !YieldingEndpoints.Yields(endpoint)) is { } theirs && processes.Length > 0)
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

    private void TellWhatIsServed(Endpoint[] processes)
    {
        HashSet<string> served = pipelines[PipelineNames.Default].Options.Listeners.Count > 0 ? [PipelineNames.Default] : [];
        foreach (Endpoint endpoint in processes)
        {
            if (endpoint.Metadata.GetMetadata<ServedPipeline>() is { } pipeline)
            {
                log.Mapped(string.Join("; ", PlacesOf(endpoint)), pipeline.Description);
                served.Add(pipeline.Name);
            }
        }

        foreach (ServedPipeline pipeline in pipelines.All.Where(one => !served.Contains(one.Name)))
        {
            if (pipeline.Name != PipelineNames.Default)
            {
                log.ServedNowhere($"pipeline \"{pipeline.Name}\"", $"app.MapExtProc(\"{pipeline.Name}\")");
            }
            else if (!pipeline.Plan.IsPassThrough || served.Count == 0) // otherwise it may be there for what it has in common with others
            {
                log.ServedNowhere("ext_proc", "app.MapExtProc()");
            }
        }
    }

    private void TellClosedPorts(Endpoint[] processes)
    {
        string[] addresses = [.. services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? []];
        HashSet<int> open = [.. addresses.Select(address => BindingAddress.Parse(address).Port)];
        if (open.Count == 0)
        {
            return; // a server in memory
        }

        foreach (int port in processes.SelectMany(endpoint => LocalPortPolicy.PortsOf(endpoint) ?? []).Where(port => !open.Contains(port)))
        {
            log.PortIsNotOpen(port, string.Join(", ", addresses));
        }
    }

    private static void RefuseTwo(Endpoint[] processes)
    {
        HashSet<string> places = new(StringComparer.OrdinalIgnoreCase);
        foreach (Endpoint endpoint in processes)
        {
            if (PlacesOf(endpoint).FirstOrDefault(place => !places.Add(place)) is { } twice)
            {
                throw new InvalidOperationException(
                    $"{processes.Length} endpoints serve {ExternalProcessorService.Name}, more than one of them on {twice} "
                    + $"({string.Join("; ", processes.Select(one => one.DisplayName))}), so that each call would be ambiguous; give each a port or a host: app.MapExtProc(…).RequireLocalPort(9002)");
            }
        }
    }

    // An endpoint for a host or a port goes before one for all of them, which is not a conflict.
    private static IEnumerable<string> PlacesOf(Endpoint endpoint) =>
        from host in endpoint.Metadata.GetMetadata<IHostMetadata>()?.Hosts is { Count: > 0 } hosts ? hosts.Select(host => $"the host {host}") : ["every host"]
        from port in LocalPortPolicy.PortsOf(endpoint)?.Select(port => $"port {port}") ?? ["every port"]
        select $"{host} and {port}";

    // With our memory pool it has our settings, too, and what they say was chosen.
    private bool IsKestrelOfTheApp() =>
        services.GetService<IServer>()?.GetType().Assembly == typeof(KestrelServerOptions).Assembly && services.GetService<IMemoryPoolFactory<byte>>() is not BlockPool;
}
