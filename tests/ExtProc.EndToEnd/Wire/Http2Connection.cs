using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ExtProc.EndToEnd.Wire;

/// <summary>
/// The client's end of a cleartext HTTP/2 connection with prior knowledge. It exists because the framework's client can neither
/// send trailers, nor CONNECT, nor reset a stream with a code.
/// </summary>
internal sealed class Http2Connection : IAsyncDisposable
{
    private const int DefaultWindowBytes = 65_535;
    private const int ReceiveWindowBytes = 64 * 1024 * 1024;
    private const int WindowStepBytes = 1024 * 1024;
    private readonly Stream stream;
    private readonly ConcurrentDictionary<int, Http2Stream> streams = new();
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly CancellationTokenSource closing = new();
    private readonly TaskCompletionSource settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<int, int> unacknowledged = [];
    private Task reading = Task.CompletedTask;
    private int disposed;
    private int nextStreamId = -1;
    private int initialWindowBytes = DefaultWindowBytes;

    private Http2Connection(Stream stream) => this.stream = stream;

    /// <summary>What the connection as a whole may still send.</summary>
    public SendWindow Window { get; } = new(DefaultWindowBytes);

    public static async Task<Http2Connection> OpenAsync(int port, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, cancel);
        var connection = new Http2Connection(new NetworkStream(socket, ownsSocket: true));
        await connection.stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), cancel);
        // No dynamic table, no push, a window that no test fills.
        byte[] settings = [.. Setting(1, 0), .. Setting(2, 0), .. Setting(4, ReceiveWindowBytes)];
        await connection.SendAsync(new Http2Frame(FrameType.Settings, 0, 0, settings), cancel);
        await connection.SendAsync(new Http2Frame(FrameType.WindowUpdate, 0, 0, Http2Frame.Number(ReceiveWindowBytes)), cancel);
        // Only now, for our settings must be the first frame and the reader answers the peer's.
        connection.reading = Task.Run(connection.ReadLoopAsync, CancellationToken.None);
        await connection.settled.Task.WaitAsync(cancel);
        return connection;
    }

    public Http2Stream Open()
    {
        int id = Interlocked.Add(ref nextStreamId, 2);
        var opened = new Http2Stream(this, id, Volatile.Read(ref initialWindowBytes));
        streams[id] = opened;
        return opened;
    }

    public async Task SendAsync(Http2Frame frame, CancellationToken cancel)
    {
        await writing.WaitAsync(cancel);
        try
        {
            await stream.WriteAsync(frame.ToBytes(), cancel);
        }
        catch (IOException e)
        {
            throw new CutShortException($"the connection broke: {e.Message}");
        }
        finally
        {
            writing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
        {
            return;
        }

        await closing.CancelAsync();
        await stream.DisposeAsync();
        await reading;
        closing.Dispose();
        writing.Dispose();
    }

    private static byte[] Setting(ushort id, uint value) => [(byte)(id >> 8), (byte)id, .. Http2Frame.Number(value)];

    private async Task ReadLoopAsync()
    {
        string end = "the connection closed";
        try
        {
            while (true)
            {
                await HandleAsync(await Http2Frame.ReadAsync(stream, closing.Token));
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            end = $"the connection closed: {e.Message}";
        }
        finally
        {
            settled.TrySetException(new CutShortException(end));
            Window.Close(end);
            foreach (var open in streams.Values)
            {
                open.CutShort(end);
            }
        }
    }

    private async Task HandleAsync(Http2Frame frame)
    {
        switch (frame.Type)
        {
            case FrameType.Settings when !frame.Has(Http2Frame.Acknowledge):
                ApplySettings(frame.Payload);
                settled.TrySetResult();
                await SendAsync(new Http2Frame(FrameType.Settings, Http2Frame.Acknowledge, 0, []), closing.Token);
                break;
            case FrameType.Ping when !frame.Has(Http2Frame.Acknowledge):
                await SendAsync(new Http2Frame(FrameType.Ping, Http2Frame.Acknowledge, 0, frame.Payload), closing.Token);
                break;
            case FrameType.WindowUpdate when frame.StreamId == 0:
                Window.Grow(BinaryPrimitives.ReadUInt32BigEndian(frame.Payload));
                break;
            case FrameType.Data or FrameType.Headers or FrameType.Continuation or FrameType.ResetStream or FrameType.WindowUpdate:
                await HandleStreamAsync(frame);
                break;
        }
    }

    private async Task HandleStreamAsync(Http2Frame frame)
    {
        if (frame.Type == FrameType.Data)
        {
            await GiveBackAsync(0, frame.Payload.Length);
            await GiveBackAsync(frame.StreamId, frame.Has(Http2Frame.EndStream) ? 0 : frame.Payload.Length);
        }

        if (streams.TryGetValue(frame.StreamId, out var open))
        {
            open.Receive(frame);
        }
    }

    /// <summary>Grows the peer's window by what was received, in steps: the test keeps all that comes.</summary>
    private async Task GiveBackAsync(int streamId, int bytes)
    {
        int owed = unacknowledged.GetValueOrDefault(streamId) + bytes;
        unacknowledged[streamId] = owed < WindowStepBytes ? owed : 0;
        if (owed >= WindowStepBytes)
        {
            await SendAsync(new Http2Frame(FrameType.WindowUpdate, 0, streamId, Http2Frame.Number((uint)owed)), closing.Token);
        }
    }

    private void ApplySettings(byte[] payload)
    {
        for (int at = 0; at + 6 <= payload.Length; at += 6)
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(payload.AsSpan(at)) == 4)
            {
                int window = BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(at + 2));
                int before = Interlocked.Exchange(ref initialWindowBytes, window);
                foreach (var open in streams.Values)
                {
                    open.Window.Grow(window - before);
                }
            }
        }
    }
}
