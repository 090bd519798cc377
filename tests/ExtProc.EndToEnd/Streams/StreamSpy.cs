using System.Net;
using System.Net.Sockets;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Streams;

/// <summary>
/// Passes the frames between Envoy and a server on, and remembers what the first stream began with and what else is worth knowing.
/// Only the first block of a connection is read: later ones may refer to earlier ones, and the tests' HPACK keeps no table.
/// </summary>
internal sealed class StreamSpy : IAsyncDisposable
{
    private const int PrefaceBytes = 24;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closing = new();
    private readonly Task accepting;
    private readonly int server;
    private int connections, open, pings, pongs, goAways, resets;

    public StreamSpy(int server)
    {
        this.server = server;
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        accepting = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>The header fields of the first stream; null before there was one.</summary>
    public Fields? Request { get; private set; }

    /// <summary>The first byte of the first message: 1 where it is compressed.</summary>
    public byte? MessageFlag { get; private set; }

    /// <summary>Connections that Envoy opened.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>Of these, those that neither side has ended.</summary>
    public int OpenConnections => Volatile.Read(ref open);

    /// <summary>PINGs that Envoy sent.</summary>
    public int Pings => Volatile.Read(ref pings);

    /// <summary>PINGs that the server answered.</summary>
    public int Pongs => Volatile.Read(ref pongs);

    /// <summary>GOAWAYs that the server sent.</summary>
    public int GoAways => Volatile.Read(ref goAways);

    /// <summary>Streams that Envoy reset.</summary>
    public int Resets => Volatile.Read(ref resets);

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Dispose();
        await accepting;
        closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> passing = [];
        try
        {
            while (true)
            {
                Socket accepted = await listener.AcceptSocketAsync(closing.Token);
                Interlocked.Increment(ref connections);
                Interlocked.Increment(ref open);
                passing.Add(PassAsync(accepted));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(passing);
        }
    }

    private async Task PassAsync(Socket accepted)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(closing.Token);
        using Socket connecting = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            accepted.NoDelay = connecting.NoDelay = true;
            await connecting.ConnectAsync(IPAddress.Loopback, server, over.Token);
            await using NetworkStream envoy = new(accepted), target = new(connecting);
            Task forth = ForthAsync(envoy, target, over.Token), back = BackAsync(target, envoy, over.Token);
            await Task.WhenAny(forth, back);
            await over.CancelAsync();
            await Task.WhenAll(forth, back);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One of the two has gone, and the other learns of it by the end of its connection.
        }
        finally
        {
            accepted.Dispose();
            Interlocked.Decrement(ref open);
        }
    }

    private async Task ForthAsync(NetworkStream envoy, NetworkStream target, CancellationToken cancel)
    {
        byte[] preface = new byte[PrefaceBytes];
        await envoy.ReadExactlyAsync(preface, cancel);
        await target.WriteAsync(preface, cancel);
        List<byte> block = [];
        bool isRead = false;
        while (true)
        {
            Http2Frame frame = await Http2Frame.ReadAsync(envoy, cancel);
            if (!isRead && frame.Type is FrameType.Headers or FrameType.Continuation)
            {
                block.AddRange(frame.Type == FrameType.Headers ? frame.Content : frame.Payload);
                if (frame.Has(Http2Frame.EndHeaders))
                {
                    isRead = true;
                    Request ??= Hpack.Decode([.. block]);
                }
            }

            Note(frame);
            await target.WriteAsync(frame.ToBytes(), cancel);
        }
    }

    private void Note(Http2Frame frame)
    {
        switch (frame.Type)
        {
            case FrameType.Ping when !frame.Has(Http2Frame.Acknowledge):
                Interlocked.Increment(ref pings);
                break;
            case FrameType.ResetStream:
                Interlocked.Increment(ref resets);
                break;
            case FrameType.Data when frame.Content.Length > 0:
                MessageFlag ??= frame.Content[0];
                break;
        }
    }

    private async Task BackAsync(NetworkStream target, NetworkStream envoy, CancellationToken cancel)
    {
        while (true)
        {
            Http2Frame frame = await Http2Frame.ReadAsync(target, cancel);
            if (frame.Type == FrameType.GoAway)
            {
                Interlocked.Increment(ref goAways);
            }
            else if (frame.Type == FrameType.Ping && frame.Has(Http2Frame.Acknowledge))
            {
                Interlocked.Increment(ref pongs);
            }

            await envoy.WriteAsync(frame.ToBytes(), cancel);
        }
    }
}
