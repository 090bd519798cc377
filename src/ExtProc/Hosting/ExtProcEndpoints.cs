using ExtProc.Session;
using ExtProc.Transport;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ExtProc.Hosting;

/// <summary>Puts the service onto a host's routes.</summary>
public static class ExtProcEndpoints
{
    /// <summary>Serves <c>ExternalProcessor.Process</c> and <c>grpc.health.v1.Health</c>; other gRPC methods answer UNIMPLEMENTED.</summary>
    /// <exception cref="Configuration.ConfigException">The configuration cannot be used; holds all that is wrong with it.</exception>
    public static void MapExtProc(this IEndpointRouteBuilder routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        var exchanges = routes.ServiceProvider.GetRequiredService<ExchangeService>();
        _ = routes.ServiceProvider.GetRequiredService<TransportGauges>(); // being there is all that it does
        routes.MapGrpc(Drain.ServiceName, "Process", exchanges.RunAsync);
        routes.MapGrpcHealth();
        routes.MapGrpcUnimplemented();
    }
}
