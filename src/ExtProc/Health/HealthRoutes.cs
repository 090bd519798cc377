using ExtProc.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ExtProc.Health;

/// <summary>Maps <c>grpc.health.v1.Health</c>: Check and Watch of Grpc.AspNetCore.HealthChecks, and List.</summary>
internal sealed class HealthRoutes(CallGuard guard)
{
    /// <summary>Largest request that is taken, in bytes: room for any service's name.</summary>
    public const int RequestBytes = 4 * 1024;

    /// <summary>Maps it, wherever a pipeline is mapped: of several on one port one answers, and before these a service of the app's own.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        foreach (IEndpointConventionBuilder service in (IEndpointConventionBuilder[])[routes.MapGrpcHealthChecksService(), routes.MapGrpcService<HealthListService>()])
        {
            service.Guard(guard, (_, method) => guard.AroundOneMessage(method, RequestBytes));
            service.WithMetadata(YieldingEndpoints.Mark);
        }
    }
}
