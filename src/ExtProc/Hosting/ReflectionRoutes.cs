using ExtProc.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace ExtProc.Hosting;

/// <summary>Maps gRPC reflection for an app, once, however many pipelines it maps; a reflection service of the app's own answers instead.</summary>
internal sealed class ReflectionRoutes
{
    private int _isMapped;

    /// <summary>Maps it unless it is mapped.</summary>
    public void MapOnce(IEndpointRouteBuilder routes)
    {
        if (Interlocked.Exchange(ref _isMapped, 1) == 0)
        {
            routes.MapGrpcReflectionService().WithMetadata(YieldingEndpoints.Mark);
        }
    }
}
