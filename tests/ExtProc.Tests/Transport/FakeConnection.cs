using System.Net;
using ExtProc.Transport.Connections;
using Microsoft.AspNetCore.Connections;

namespace ExtProc.Tests.Transport;

/// <summary>A connection without a socket, which says whether it was closed.</summary>
internal sealed class FakeConnection : DefaultConnectionContext
{
    private readonly CancellationTokenSource _closed = new();

    public FakeConnection(TimeProvider time, string address = "10.0.0.1", int port = 1000)
    {
        RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), port);
        ConnectionClosed = _closed.Token;
        Guarded = new(new ConnectionLedger(time), this);
    }

    /// <summary>What its guard knows of it.</summary>
    public GuardedConnection Guarded { get; }

    public bool IsClosed => _closed.IsCancellationRequested;

    public override void Abort(ConnectionAbortedException abortReason) => _closed.Cancel();
}
