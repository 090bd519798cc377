using ExtProc.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ExtProc.Health;

/// <summary>Maps <c>grpc.health.v1.Health</c>: Check and Watch of Grpc.AspNetCore.HealthChecks, and List.</summary>
internal sealed class HealthRoutes(CallGuard guard) : RoutesOnce
{
    /// <summary>Largest request that is taken, in bytes: room for any service's name.</summary>
    public const int RequestBytes = 4 * 1024;

    public override void Map(IEndpointRouteBuilder routes)
    {
        foreach (IEndpointConventionBuilder service in (IEndpointConventionBuilder[])[routes.MapGrpcHealthChecksService(), routes.MapGrpcService<HealthListService>()])
        {
            service.Guard(guard, (_, method) => guard.AroundOneMessage(method, RequestBytes));
            service.WithMetadata(YieldingEndpoints.Mark);
        }
    }
}
