using System.Buffers.Binary;
using System.Net.Sockets;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Tests.Transport;

/// <summary>HTTP/2 as bytes: sends exactly the frames that a test names, good or bad, and shows what came back.</summary>
internal sealed class RawHttp2Client : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient socket;
    private readonly NetworkStream wire;
    private readonly Lock gate = new();
    private readonly SemaphoreSlim writing = new(1);
    private readonly Dictionary<int, RawStream> streams = [];
    private readonly Task reading;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int nextStream = 1;
    private int streamWindow = 65_535;
    private long connectionWindow = 65_535;

    private RawHttp2Client(TcpClient socket)
    {
        this.socket = socket;
        wire = socket.GetStream();
        reading = Task.Run(ReadAsync);
    }

    public int? GoAwayCode { get; private set; }

    public bool Closed { get; private set; }

    public int? MaxStreams { get; private set; }

    public long ConnectionWindow => Volatile.Read(ref connectionWindow);

    public static async Task<RawHttp2Client> ConnectAsync(int port, int receiveWindowBytes = int.MaxValue)
    {
        var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port);
        var client = new RawHttp2Client(socket);
        byte[] settings = [0, 1, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0]; // no dynamic table; the stream window
        BinaryPrimitives.WriteInt32BigEndian(settings.AsSpan(8), receiveWindowBytes);
        byte[] hello =
        [
            .. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(SettingsFrame, 0, 0, settings),
            .. Frame(WindowFrame, 0, 0, [0x7F, 0xFF, 0, 0]), // largest connection window
        ];
        await client.WriteAsync(hello);
        await client.UntilAsync(() => client.MaxStreams is not null, "the server's settings");
        return client;
    }

    public static byte[] Message(ReadOnlySpan<byte> body, byte flag = 0)
    {
        byte[] frame = new byte[5 + body.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), body.Length);
        body.CopyTo(frame.AsSpan(5));
        return frame;
    }

    /// <summary>Opens a stream with what every gRPC request has; <paramref name="headers"/> replace those of the same name, null removes.</summary>
    public async Task<RawStream> CallAsync(string path, params (string Name, string? Value)[] headers)
    {
        // In one go: streams must be opened in the order of their numbers.
        await writing.WaitAsync();
        try
        {
            (RawStream stream, byte[] frame) = Open(path, endStream: false, headers);
            await wire.WriteAsync(frame).AsTask().WaitAsync(Patience);
            return stream;
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>The same as bytes not yet sent.</summary>
    public (RawStream Stream, byte[] Frame) Open(string path, bool endStream, params (string Name, string? Value)[] headers)
    {
        List<(string Name, string Value)> all =
        [
            (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"),
            ("te", "trailers"), ("content-type", "application/grpc"),
        ];
        foreach ((string name, string? value) in headers)
        {
            int at = all.FindIndex(header => header.Name == name);
            if (at >= 0)
            {
                all.RemoveAt(at);
            }

            if (value is not null)
            {
                all.Insert(at >= 0 ? at : all.Count, (name, value));
            }
        }

        lock (gate)
        {
            var stream = new RawStream(this, nextStream, streamWindow);
            nextStream += 2;
            streams[stream.Id] = stream;
            return (stream, HeaderFrames(stream.Id, RawHpack.Encode(all), endStream));
        }
    }

    public static byte[] Data(RawStream stream, ReadOnlySpan<byte> data, bool endStream = false) =>
        Frame(DataFrame, endStream ? EndStreamFlag : (byte)0, stream.Id, data);

    public byte[] Reset(RawStream stream)
    {
        lock (gate)
        {
            streams.Remove(stream.Id);
        }

        return Frame(ResetFrame, 0, stream.Id, [0, 0, 0, 8]); // CANCEL
    }

    public Task ResetAsync(RawStream stream) => WriteAsync(Reset(stream));

    /// <summary>Sends data in frames of the usual size, as the windows allow.</summary>
    public async Task SendDataAsync(RawStream stream, byte[] data, bool endStream)
    {
        for (int sent = 0; sent < data.Length || (sent == 0 && data.Length == 0);)
        {
            int size = Math.Min(LargestFrame, data.Length - sent);
            await UntilAsync(() => stream.Over || (stream.SendWindow >= size && connectionWindow >= size), $"room to send on stream {stream.Id}");
            if (stream.Over)
            {
                return;
            }

            lock (gate)
            {
                stream.SendWindow -= size;
                connectionWindow -= size;
            }

            bool last = sent + size == data.Length;
            await WriteAsync(Data(stream, data.AsSpan(sent, size), last && endStream));
            sent += size;
            if (last)
            {
                return;
            }
        }
    }

    public async Task WriteAsync(byte[] frames)
    {
        await writing.WaitAsync();
        try
        {
            await wire.WriteAsync(frames).AsTask().WaitAsync(Patience);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Waits for something that only a frame from the server can make true.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            Task next;
            lock (gate)
            {
                if (condition())
                {
                    return;
                }

                next = changed.Task;
            }

            Assert.False(Closed, $"the connection was closed (GOAWAY {GoAwayCode}) while waiting for: {what}");
            try
            {
                await next.WaitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"waited {Patience.TotalSeconds} s for: {what}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        await reading.WaitAsync(Patience);
        writing.Dispose();
    }

    private async Task ReadAsync()
    {
        byte[] head = new byte[9];
        try
        {
            while (true)
            {
                await wire.ReadExactlyAsync(head);
                byte[] payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
                await wire.ReadExactlyAsync(payload);
                if (head[3] is SettingsFrame or PingFrame && (head[4] & AckFlag) == 0)
                {
                    await WriteAsync(Frame(head[3], AckFlag, 0, head[3] == PingFrame ? payload : []));
                }

                Changed(() => Handle(head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)), payload));
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            Changed(() => Closed = true);
        }
    }

    private void Changed(Action how)
    {
        TaskCompletionSource before;
        lock (gate)
        {
            how();
            (before, changed) = (changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        before.SetResult();
    }

    private void Handle(byte type, byte flags, int id, byte[] payload)
    {
        RawStream? stream = streams.GetValueOrDefault(id);
        switch (type)
        {
            case SettingsFrame when (flags & AckFlag) == 0:
                TakeSettings(payload);
                break;
            case WindowFrame when id == 0:
                connectionWindow += BinaryPrimitives.ReadInt32BigEndian(payload);
                break;
            case WindowFrame when stream is not null:
                stream.SendWindow += BinaryPrimitives.ReadInt32BigEndian(payload);
                break;
            case HeadersFrame when stream is not null:
                Assert.True((flags & EndHeadersFlag) != 0, "this client reads no CONTINUATION frames");
                stream.HeaderBlocks.Add(RawHpack.Decode(payload));
                stream.EndStream |= (flags & EndStreamFlag) != 0;
                break;
            case DataFrame when stream is not null:
                stream.Data.Write(payload);
                stream.EndStream |= (flags & EndStreamFlag) != 0;
                break;
            case ResetFrame when stream is not null:
                stream.ResetCode = BinaryPrimitives.ReadInt32BigEndian(payload);
                break;
            case GoAwayFrame:
                GoAwayCode = BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(4));
                break;
        }

        if (stream is { Over: true })
        {
            streams.Remove(id); // its test still has it
        }
    }

    private void TakeSettings(byte[] payload)
    {
        MaxStreams = int.MaxValue;
        for (int at = 0; at < payload.Length; at += 6)
        {
            int value = BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(at + 2));
            switch (BinaryPrimitives.ReadInt16BigEndian(payload.AsSpan(at)))
            {
                case 3:
                    MaxStreams = value;
                    break;
                case 4:
                    streamWindow = value;
                    break;
            }
        }
    }
}
