using System.Net;
using ExtProc.Transport.Connections;

namespace ExtProc.Transport;

/// <summary>What one call holds of the memory budget, as of one look.</summary>
/// <param name="Call">The call.</param>
/// <param name="Bytes">What it holds; more than 0.</param>
/// <param name="Idle">How long it has made no progress.</param>
internal readonly record struct CallLoad(HttpGrpcCall Call, long Bytes, TimeSpan Idle)
{
    /// <summary>From when on a call is taken to make no progress.</summary>
    public static readonly TimeSpan Stuck = TimeSpan.FromSeconds(1);

    /// <summary>Whether it makes no progress.</summary>
    public bool StandsStill => Idle >= Stuck;

    /// <summary>The connection that it came on; null where none is guarded.</summary>
    public GuardedConnection? Connection => Call.Connection;

    /// <summary>Where that comes from; null where nobody knows.</summary>
    public IPAddress? Address => (Connection?.Peer as IPEndPoint)?.Address;
}
