using ExtProc.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ExtProc.Health;

/// <summary>Maps <c>grpc.health.v1.Health</c>, whole.</summary>
internal static class HealthEndpoints
{
    /// <summary>Largest request that is taken, in bytes: room for any service's name.</summary>
    public const int RequestBytes = 4 * 1024;

    /// <summary>Serves Check and Watch by Grpc.AspNetCore.HealthChecks, and List.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes, CallGuard guard)
    {
        foreach (IEndpointConventionBuilder service in (IEndpointConventionBuilder[])[routes.MapGrpcHealthChecksService(), routes.MapGrpcService<HealthListService>()])
        {
            service.Guard(guard, (_, method) => guard.AroundOneMessage(method, RequestBytes));
            service.WithMetadata(YieldingEndpoints.Mark);
        }
    }
}
