using System.Collections.Concurrent;
using System.Net.Sockets;
using ExtProc.Attacks.Wire;

namespace ExtProc.Attacks.Running;

/// <summary>The server as an attack sees it: ports, a time, a size. Every connection is closed when the attack is over.</summary>
/// <param name="port">The port for Envoy.</param>
/// <param name="adminPort">The port for probes.</param>
/// <param name="isLong">Whether the attack has its full length.</param>
/// <param name="over">The attack's time is up.</param>
internal sealed class Target(int port, int adminPort, bool isLong, CancellationToken over) : IAsyncDisposable
{
    private readonly ConcurrentBag<Peer> _peers = [];

    /// <summary>The attack's time is up.</summary>
    public CancellationToken Over => over;

    /// <summary>Bytes that the attack has sent.</summary>
    public long SentBytes => _peers.Sum(peer => peer.SentBytes);

    /// <summary>Connections that it has opened.</summary>
    public int Connections => _peers.Count;

    /// <summary>A number for the short suite, and one for the long.</summary>
    public int Count(int brief, int full) => isLong ? full : brief;

    /// <summary>A connection to the port for Envoy that has said nothing yet.</summary>
    public Task<Peer> ConnectAsync() => AddAsync(port);

    /// <summary>A connection to the admin port that has said nothing yet.</summary>
    public Task<Peer> ConnectAdminAsync() => AddAsync(adminPort);

    /// <summary>A connection with HTTP/2 begun.</summary>
    /// <param name="receiveWindowBytes">how much the server may send on a stream, and on the connection if it is less than usual there</param>
    /// <param name="reads">whether what the server sends is read at all</param>
    public async Task<Peer> PeerAsync(int receiveWindowBytes = int.MaxValue, bool reads = true)
    {
        Peer peer = await AddAsync(port);
        await peer.BeginAsync(receiveWindowBytes, reads);
        return peer;
    }

    /// <summary>Does something on that many connections at once.</summary>
    public Task OnManyAsync(int connections, Func<Peer, Task> what) =>
        Task.WhenAll(Enumerable.Range(0, connections).Select(async _ => await what(await PeerAsync())));

    /// <summary>Stays as it is for a while.</summary>
    public Task HoldAsync() => Task.Delay(TimeSpan.FromSeconds(isLong ? 8 : 0.1), TimeProvider.System, over);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (Peer peer in _peers)
        {
            await peer.DisposeAsync();
        }
    }

    private async Task<Peer> AddAsync(int to)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var peer = new Peer(socket, over);
        _peers.Add(peer);
        await peer.ConnectAsync(to);
        return peer;
    }
}
