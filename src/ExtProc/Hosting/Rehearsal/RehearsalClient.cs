using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ExtProc.Hosting.Rehearsal;

/// <summary>
/// As little of an HTTP/2 client as a rehearsal needs: one call at a time, small messages, and no look at what the answers say. A real
/// client would have to be loaded and compiled too, which takes longer than what it rehearses.
/// </summary>
internal sealed class RehearsalClient(Socket socket) : IDisposable
{
    private const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, Ping = 6, GoAway = 7, WindowUpdate = 8;
    private const byte EndStream = 1, Ack = 1, EndHeaders = 4;
    private const int HeadBytes = 9, CancelCode = 8;

    // Windows that no rehearsal fills: SETTINGS_INITIAL_WINDOW_SIZE, and as much for the connection.
    private static readonly byte[] LargeWindow = [0, 4, 0x3F, 0xFF, 0xFF, 0xFF], MoreWindow = [0x3F, 0xFF, 0, 0];

    private readonly NetworkStream _wire = new(socket, ownsSocket: true);
    private readonly byte[] _head = new byte[HeadBytes];
    private int _stream = -1;

    /// <summary>Whether the server has ended the call.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Connects and says hello.</summary>
    public static async Task<RehearsalClient> ConnectAsync(EndPoint server, CancellationToken cancellation)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server, cancellation).ConfigureAwait(false);
        RehearsalClient client = new(socket);
        byte[] hello = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, LargeWindow), .. Frame(WindowUpdate, 0, 0, MoreWindow)];
        await client._wire.WriteAsync(hello, cancellation).ConfigureAwait(false);
        return client;
    }

    /// <summary>Begins a call.</summary>
    public ValueTask CallAsync(string path, CancellationToken cancellation)
    {
        _stream += 2;
        IsOver = false;
        return _wire.WriteAsync(Frame(Headers, EndHeaders, _stream, HeaderBlock(path)), cancellation);
    }

    /// <summary>Sends one gRPC message.</summary>
    public ValueTask SendAsync(ReadOnlySpan<byte> message, bool end, CancellationToken cancellation)
    {
        byte[] prefixed = [0, 0, 0, 0, 0, .. message];
        BinaryPrimitives.WriteInt32BigEndian(prefixed.AsSpan(1), message.Length);
        return _wire.WriteAsync(Frame(Data, end ? EndStream : (byte)0, _stream, prefixed), cancellation);
    }

    /// <summary>Ends our side of the call.</summary>
    public ValueTask HalfCloseAsync(CancellationToken cancellation) => _wire.WriteAsync(Frame(Data, EndStream, _stream, []), cancellation);

    /// <summary>Ends the call as Envoy ends most.</summary>
    public ValueTask ResetAsync(CancellationToken cancellation)
    {
        IsOver = true;
        return _wire.WriteAsync(Frame(Reset, 0, _stream, [0, 0, 0, CancelCode]), cancellation);
    }

    /// <summary>Waits for something of the call: a piece of an answer, or its end.</summary>
    public async ValueTask AnswerAsync(CancellationToken cancellation)
    {
        while (!IsOver && !await TakeFrameAsync(cancellation).ConfigureAwait(false))
        {
            // A frame of the connection, or of a call before.
        }
    }

    /// <summary>Waits for the call's end.</summary>
    public async ValueTask EndAsync(CancellationToken cancellation)
    {
        while (!IsOver)
        {
            await TakeFrameAsync(cancellation).ConfigureAwait(false);
        }
    }

    public void Dispose() => _wire.Dispose();

    private async ValueTask<bool> TakeFrameAsync(CancellationToken cancellation)
    {
        await _wire.ReadExactlyAsync(_head, cancellation).ConfigureAwait(false);
        byte[] payload = new byte[BinaryPrimitives.ReadInt32BigEndian(_head) >>> 8];
        await _wire.ReadExactlyAsync(payload, cancellation).ConfigureAwait(false);
        (byte type, byte flags) = (_head[3], _head[4]);
        if (type is Settings or Ping && (flags & Ack) == 0)
        {
            await _wire.WriteAsync(Frame(type, Ack, 0, type is Ping ? payload : []), cancellation).ConfigureAwait(false);
        }

        bool isOurs = BinaryPrimitives.ReadInt32BigEndian(_head.AsSpan(5)) == _stream;
        IsOver |= type is GoAway || (isOurs && (type is Reset || (type is Data or Headers && (flags & EndStream) != 0)));
        return isOurs && type is Data;
    }

    private static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        byte[] frame = [0, 0, 0, type, flags, 0, 0, 0, 0, .. payload];
        BinaryPrimitives.WriteInt32BigEndian(frame, (payload.Length << 8) | type);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        return frame;
    }

    // HPACK literals without an index (RFC 7541, 6.2.2): each text is shorter than 127 bytes, so its length is one byte.
    private static byte[] HeaderBlock(string path)
    {
        ReadOnlySpan<(string Name, string Value)> headers =
        [
            (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "rehearsal.invalid"), ("te", "trailers"), ("content-type", "application/grpc"),
        ];
        List<byte> block = [];
        foreach ((string name, string value) in headers)
        {
            block.AddRange([0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)]);
        }

        return [.. block];
    }
}
