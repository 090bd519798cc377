using Microsoft.AspNetCore.Routing;

namespace ExtProc.Transport;

/// <summary>
/// Maps a service for an app once, however many pipelines the app maps. A service of the app's own answers instead, whichever is mapped first.
/// </summary>
internal abstract class RoutesOnce
{
    private int isMapped;

    /// <summary>Maps it unless it is mapped.</summary>
    public void MapOnce(IEndpointRouteBuilder routes)
    {
        if (Interlocked.Exchange(ref isMapped, 1) == 0)
        {
            Map(routes);
        }
    }

    /// <summary>Maps it.</summary>
    public abstract void Map(IEndpointRouteBuilder routes);
}
