using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ExtProc.Transport.Connections;

/// <summary>Opens the guarded ports; a host's other ports are left to its other transport.</summary>
internal sealed class GuardedListenerFactory(
    ConnectionGuard guard, IOptions<SocketTransportOptions> options, TimeProvider time, ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    // The category of Kestrel's own transport, so that existing log filters apply.
    private const string Category = "Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets";

    // What Linux allows by default (net.core.somaxconn). From a full queue a peer's first packet falls, and it tries again after a second.
    private const int Queue = 4096;

    public bool CanBind(EndPoint endpoint) => guard.Guards(endpoint);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        SocketTransportOptions sockets = options.Value;
        Socket listening = Bound(sockets, endpoint);
        listening.Listen(Math.Max(sockets.Backlog, Queue));
        SocketConnectionContextFactory contexts = new(ConnectionsLike(sockets), loggers.CreateLogger(Category));
        return new(new GuardedListener(listening, sockets, contexts, guard, time));
    }

    // These options have no public setter for the memory pool, and without our pool the budget would not count what connections hold.
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern SocketConnectionFactoryOptions ConnectionsLike(SocketTransportOptions options);

    private static Socket Bound(SocketTransportOptions sockets, EndPoint endpoint)
    {
        try
        {
            return sockets.CreateBoundListenSocket(endpoint);
        }
        catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(taken.Message, taken);
        }
    }
}
