using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ExtProc.Transport.Connections;

/// <summary>Opens the ports that a guard was put before; a host's other ports are left to the transport that it has beside this one.</summary>
internal sealed class GuardedListenerFactory(
    ConnectionGuard guard, IOptions<SocketTransportOptions> options, TimeProvider time, ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    // The category of Kestrel's own transport, so that what is known of filtering it holds here.
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

    // The memory pool is no public part of these options, and without ours what connections hold would be in no budget.
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
