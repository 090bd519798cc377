using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace ExtProc.Transport.Connections;

/// <summary>
/// Accepts connections as Kestrel's own listener does, except that a guard looks before anything is made for one, and that running out of
/// files is survived: Kestrel's own retries at once in an endless loop, which takes a whole core and the files that the runtime needs to go on.
/// </summary>
internal sealed class GuardedListener(
    Socket listening, SocketTransportOptions options, SocketConnectionContextFactory contexts, ConnectionGuard guard, TimeProvider time) : IConnectionListener
{
    // How long to wait when the system has no files or buffers left.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly SpareFiles _spare = Held();
    private volatile bool _unbound;

    public EndPoint EndPoint { get; } = listening.LocalEndPoint!;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                Socket accepted = await listening.AcceptAsync(cancellationToken).ConfigureAwait(false);
                if (await TakeAsync(accepted).ConfigureAwait(false) is { } connection)
                {
                    return connection;
                }
            }
            catch (ObjectDisposedException)
            {
                return null; // unbound: there will be no more
            }
            catch (SocketException over) when (over.SocketErrorCode is SocketError.OperationAborted)
            {
                return null;
            }
            catch (SocketException gone) when (gone.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
            {
                // The peer did not wait until it was accepted.
            }
            catch (SocketException full)
            {
                _spare.Release();
                await UntilThereIsRoomAsync(full.Message).ConfigureAwait(false);
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _unbound = true;
        listening.Dispose();
        return default;
    }

    public ValueTask DisposeAsync()
    {
        listening.Dispose();
        contexts.Dispose();
        _spare.Dispose();
        return default;
    }

    private static SpareFiles Held()
    {
        SpareFiles spare = new();
        spare.TryHold();
        return spare;
    }

    // The next free files go to the process, not to the next connections.
    private async Task UntilThereIsRoomAsync(string what)
    {
        do
        {
            guard.SystemIsFull(what);
            await Task.Delay(Pause, time, CancellationToken.None).ConfigureAwait(false);
        }
        while (!_unbound && !_spare.TryHold());
    }

    private async ValueTask<ConnectionContext?> TakeAsync(Socket accepted)
    {
        try
        {
            if (!await guard.MakesRoomAsync(accepted.RemoteEndPoint).ConfigureAwait(false))
            {
                accepted.Close(timeout: 0); // with a reset, so that nothing of it is left here
                return null;
            }

            if (accepted.LocalEndPoint is IPEndPoint)
            {
                accepted.NoDelay = options.NoDelay;
            }
        }
        catch (SocketException)
        {
            // The peer is gone already; a socket without one takes no options.
            accepted.Dispose();
            return null;
        }

        ConnectionContext connection = contexts.Create(accepted);
        guard.Enter(connection);
        return connection;
    }
}
