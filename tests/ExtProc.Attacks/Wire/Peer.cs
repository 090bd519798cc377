using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Sockets;
using ExtProc.Tests.Transport;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Wire;

/// <summary>
/// A connection of an attacker: sends any bytes, keeps the server's windows where it is asked to, and throws away what it
/// receives. A connection that the server has closed takes what is sent and does nothing with it.
/// </summary>
internal sealed class Peer(Socket socket, CancellationToken over) : IAsyncDisposable
{
    /// <summary>The method that Envoy calls.</summary>
    public const string Process = "/envoy.service.ext_proc.v3.ExternalProcessor/Process";

    private static readonly TimeSpan WindowPoll = TimeSpan.FromMilliseconds(2);
    private readonly ConcurrentDictionary<int, long> _windows = [];
    private readonly ConcurrentDictionary<int, bool> _ended = [];
    private readonly SemaphoreSlim _writing = new(1);
    private Task _reading = Task.CompletedTask;
    private long _connectionWindow = 65_535;
    private int _streamWindow = 65_535;
    private int _nextStream = -1;

    /// <summary>Whether the server has closed the connection.</summary>
    public bool Gone { get; private set; }

    /// <summary>Bytes sent.</summary>
    public long SentBytes { get; private set; }

    /// <summary>Connects to a port of 127.0.0.1; a server that accepts nobody any more has closed the connection.</summary>
    public async Task ConnectAsync(int port)
    {
        try
        {
            await socket.ConnectAsync("127.0.0.1", port, over);
        }
        catch (SocketException)
        {
            Gone = true;
        }
    }

    /// <summary>Sends the preface and settings, and waits for the server's.</summary>
    public async Task BeginAsync(int receiveWindowBytes = int.MaxValue, bool reads = true)
    {
        byte[] settings = [0, 1, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0]; // no dynamic table; the stream window
        BinaryPrimitives.WriteInt32BigEndian(settings.AsSpan(8), receiveWindowBytes);
        await WriteAsync((byte[])[.. Preface, .. Frame(SettingsFrame, 0, 0, settings), .. WindowUpdate(0, 0x7FFF0000)]);
        if (reads && !Gone)
        {
            _reading = Task.Run(ReadAsync, over);
            await UntilAsync(() => _streamWindow != 65_535 || Gone);
        }
    }

    /// <summary>Opens a call and says nothing on it yet.</summary>
    public Task<int> OpenAsync(string path = Process, params (string Name, string Value)[] more) => RequestAsync([.. Call(path), .. more]);

    /// <summary>Sends the headers of any request.</summary>
    public async Task<int> RequestAsync(params (string Name, string Value)[] headers)
    {
        await _writing.WaitAsync(over);
        try
        {
            int stream = _nextStream += 2;
            await SendAsync(HeaderFrames(stream, RawHpack.Encode(headers), endStream: false));
            return stream;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>The header lines of a call.</summary>
    public static IEnumerable<(string Name, string Value)> Call(string path = Process) =>
    [
        (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"),
        ("te", "trailers"), ("content-type", "application/grpc"),
    ];

    /// <summary>The numbers of streams to come, for attacks that write their own frames.</summary>
    public int NextStream() => _nextStream += 2;

    /// <summary>Sends data on a stream within the windows; gives up when the stream or the connection is over.</summary>
    public async Task SendAsync(int stream, ReadOnlyMemory<byte> data, bool endStream = false)
    {
        do
        {
            int size = Math.Min(LargestFrame, data.Length);
            await UntilAsync(() => Gone || IsOver(stream) || (WindowOf(stream) >= size && Interlocked.Read(ref _connectionWindow) >= size));
            if (Gone || IsOver(stream))
            {
                return;
            }

            _windows.AddOrUpdate(stream, _ => _streamWindow - size, (_, window) => window - size);
            Interlocked.Add(ref _connectionWindow, -size);
            bool last = size == data.Length;
            await WriteAsync(Frame(DataFrame, last && endStream ? EndStreamFlag : (byte)0, stream, data.Span[..size]));
            data = data[size..];
        }
        while (!data.IsEmpty);
    }

    /// <summary>True when the server has ended or reset the stream.</summary>
    public bool IsOver(int stream) => _ended.ContainsKey(stream);

    /// <summary>Waits for what the server does.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(WindowPoll, TimeProvider.System, over);
        }
    }

    /// <summary>Waits until the server has ended the stream.</summary>
    public Task EndedAsync(int stream) => UntilAsync(() => Gone || IsOver(stream));

    /// <summary>Sends bytes as they are.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await _writing.WaitAsync(over);
        try
        {
            await SendAsync(bytes);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Says that no more comes, and stays.</summary>
    public void HalfClose()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            Gone = true;
        }
    }

    /// <summary>Throws away what comes until the server has closed the connection, or for a while; only where nothing else reads.</summary>
    public async Task ClosedAsync(TimeSpan patience)
    {
        if (Gone)
        {
            return;
        }

        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(over);
        late.CancelAfter(patience);
        try
        {
            byte[] nothing = new byte[1 << 14];
            while (await socket.ReceiveAsync(nothing, late.Token) > 0)
            {
            }
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException)
        {
            // The server has reset it, or it stays open.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        await _reading.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>The connection preface (RFC 9113, 3.4).</summary>
    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Lets the server send that much more.</summary>
    public static byte[] WindowUpdate(int stream, int bytes)
    {
        byte[] size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, bytes);
        return Frame(WindowFrame, 0, stream, size);
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (!Gone && !bytes.IsEmpty)
            {
                int sent = await socket.SendAsync(bytes, SocketFlags.None, over);
                SentBytes += sent;
                bytes = bytes[sent..];
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            Gone = true;
        }
    }

    private long WindowOf(int stream) => _windows.GetOrAdd(stream, _ => _streamWindow);

    private async Task ReadAsync()
    {
        try
        {
            using var wire = new BufferedStream(new NetworkStream(socket), 64 << 10);
            byte[] head = new byte[9], payload = new byte[1 << 14];
            while (true)
            {
                await wire.ReadExactlyAsync(head, over);
                int length = BinaryPrimitives.ReadInt32BigEndian(head) >>> 8;
                await wire.ReadExactlyAsync(payload.AsMemory(0, length), over);
                await TakeAsync(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload.AsMemory(0, length));
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException or SocketException or OperationCanceledException)
        {
            Gone = true;
        }
    }

    private async Task TakeAsync(byte type, byte flags, int stream, ReadOnlyMemory<byte> payload)
    {
        switch (type)
        {
            case SettingsFrame when (flags & AckFlag) == 0:
                TakeSettings(payload.Span);
                await WriteAsync(Frame(SettingsFrame, AckFlag, 0, []));
                break;
            case PingFrame when (flags & AckFlag) == 0:
                await WriteAsync(Frame(PingFrame, AckFlag, 0, payload.Span));
                break;
            case WindowFrame when stream == 0:
                Interlocked.Add(ref _connectionWindow, BinaryPrimitives.ReadInt32BigEndian(payload.Span));
                break;
            case WindowFrame:
                int more = BinaryPrimitives.ReadInt32BigEndian(payload.Span);
                _windows.AddOrUpdate(stream, _ => _streamWindow + more, (_, window) => window + more);
                break;
            case ResetFrame:
            case DataFrame or HeadersFrame when (flags & EndStreamFlag) != 0:
                _ended[stream] = true;
                _windows.TryRemove(stream, out _);
                break;
        }
    }

    private void TakeSettings(ReadOnlySpan<byte> payload)
    {
        for (; payload.Length >= 6; payload = payload[6..])
        {
            if (BinaryPrimitives.ReadInt16BigEndian(payload) == 4)
            {
                _streamWindow = BinaryPrimitives.ReadInt32BigEndian(payload[2..]);
            }
        }
    }
}
