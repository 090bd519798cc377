using ExtProc.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ExtProc.Hosting;

/// <summary>Maps gRPC reflection.</summary>
internal sealed class ReflectionRoutes(CallGuard guard)
{
    /// <summary>Maps it, as <see cref="Health.HealthRoutes.Map"/>.</summary>
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGrpcReflectionService().Guard(guard, (_, method) => guard.AroundStream(method)).WithMetadata(YieldingEndpoints.Mark);
}
