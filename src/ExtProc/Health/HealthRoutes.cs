using ExtProc.Transport;
using Microsoft.AspNetCore.Routing;

namespace ExtProc.Health;

/// <summary>Maps the health service for an app, once, however many pipelines it maps.</summary>
internal sealed class HealthRoutes(CallGuard guard)
{
    private int _isMapped;

    /// <summary>Maps it unless it is mapped.</summary>
    public void MapOnce(IEndpointRouteBuilder routes)
    {
        if (Interlocked.Exchange(ref _isMapped, 1) == 0)
        {
            routes.MapHealth(guard);
        }
    }
}
