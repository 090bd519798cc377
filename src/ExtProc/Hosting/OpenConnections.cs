using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace ExtProc.Hosting;

/// <summary>
/// The connections of the gRPC ports. Kestrel, told to stop, sends GOAWAY and then closes a connection only when the next frame comes
/// after its last stream has ended; a peer that has nothing more to say would hold the end up until the host loses patience.
/// </summary>
internal sealed class OpenConnections
{
    private readonly ConcurrentDictionary<ConnectionContext, bool> _open = new();

    /// <summary>Connection middleware.</summary>
    public ConnectionDelegate Track(ConnectionDelegate next) => async connection =>
    {
        _open[connection] = true;
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            _open.TryRemove(connection, out _);
        }
    };

    /// <summary>Where a connection comes from; null when it is over.</summary>
    public EndPoint? PeerOf(string connectionId) => _open.Keys.FirstOrDefault(connection => connection.ConnectionId == connectionId)?.RemoteEndPoint;

    /// <summary>Makes each look as if its peer had closed it: Kestrel then says goodbye and closes.</summary>
    public void Close()
    {
        foreach (ConnectionContext connection in _open.Keys)
        {
            connection.Transport.Input.CancelPendingRead();
        }
    }
}
