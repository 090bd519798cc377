using System.Buffers.Binary;
using System.Threading.Channels;

namespace ExtProc.EndToEnd.Wire;

/// <summary>What came on a stream: fields, data, or its end.</summary>
internal readonly record struct StreamEvent(Fields? Fields, byte[]? Data, bool EndStream);

/// <summary>One stream of a client's HTTP/2 connection.</summary>
internal sealed class Http2Stream(Http2Connection connection, int id, int windowBytes)
{
    private const int FrameLimitBytes = 16_384;
    private readonly Channel<StreamEvent> events = Channel.CreateUnbounded<StreamEvent>();
    private readonly List<byte> headerBlock = [];
    private bool headersEndStream;

    public SendWindow Window { get; } = new(windowBytes);

    public Task SendHeadersAsync(IEnumerable<KeyValuePair<string, string>> fields, bool endStream, CancellationToken cancel)
    {
        byte flags = (byte)(Http2Frame.EndHeaders | (endStream ? Http2Frame.EndStream : 0));
        return connection.SendAsync(new Http2Frame(FrameType.Headers, flags, id, Hpack.Encode(fields)), cancel);
    }

    /// <summary>Sends data as fast as the windows allow; empty data is one empty frame.</summary>
    public async Task SendDataAsync(ReadOnlyMemory<byte> data, bool endStream, CancellationToken cancel)
    {
        do
        {
            int count = 0;
            if (data.Length > 0)
            {
                int allowed = await Window.TakeAsync(Math.Min(data.Length, FrameLimitBytes), cancel);
                count = await connection.Window.TakeAsync(allowed, cancel);
                Window.Grow(allowed - count);
            }

            byte flags = endStream && count == data.Length ? Http2Frame.EndStream : (byte)0;
            await connection.SendAsync(new Http2Frame(FrameType.Data, flags, id, data[..count].ToArray()), cancel);
            data = data[count..];
        }
        while (data.Length > 0);
    }

    public Task ResetAsync(uint code, CancellationToken cancel) =>
        connection.SendAsync(new Http2Frame(FrameType.ResetStream, 0, id, Http2Frame.Number(code)), cancel);

    /// <summary>The next event; null after the end.</summary>
    /// <exception cref="CutShortException">the peer reset the stream or the connection closed</exception>
    public async Task<StreamEvent?> ReadAsync(CancellationToken cancel)
    {
        try
        {
            return await events.Reader.ReadAsync(cancel);
        }
        catch (ChannelClosedException e)
        {
            return e.InnerException is CutShortException cut ? throw cut : null;
        }
    }

    internal void CutShort(string how)
    {
        events.Writer.TryComplete(new CutShortException(how));
        Window.Close(how);
    }

    internal void Receive(Http2Frame frame)
    {
        switch (frame.Type)
        {
            case FrameType.Headers or FrameType.Continuation:
                ReceiveHeaders(frame);
                break;
            case FrameType.Data:
                Publish(new StreamEvent(null, frame.Content.ToArray(), frame.Has(Http2Frame.EndStream)));
                break;
            case FrameType.ResetStream:
                CutShort($"the stream was reset with code {BinaryPrimitives.ReadUInt32BigEndian(frame.Payload)}");
                break;
            case FrameType.WindowUpdate:
                Window.Grow(BinaryPrimitives.ReadUInt32BigEndian(frame.Payload));
                break;
        }
    }

    private void ReceiveHeaders(Http2Frame frame)
    {
        headerBlock.AddRange(frame.Content);
        headersEndStream |= frame.Type == FrameType.Headers && frame.Has(Http2Frame.EndStream);
        if (frame.Has(Http2Frame.EndHeaders))
        {
            var fields = Hpack.Decode([.. headerBlock]);
            headerBlock.Clear();
            Publish(new StreamEvent(fields, null, headersEndStream));
        }
    }

    private void Publish(StreamEvent happened)
    {
        events.Writer.TryWrite(happened);
        if (happened.EndStream)
        {
            events.Writer.TryComplete();
        }
    }
}
