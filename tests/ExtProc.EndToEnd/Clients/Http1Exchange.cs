using System.Globalization;
using System.Net;
using System.Net.Sockets;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Clients;

/// <summary>An exchange over an HTTP/1.1 connection of its own.</summary>
internal sealed class Http1Exchange : ClientExchange
{
    private const int PieceLimitBytes = 64 * 1024;
    private readonly Socket socket;
    private readonly Http1Wire wire;
    private RequestHead? request;
    private BodyFraming framing;
    private long left;

    private Http1Exchange(Socket socket)
    {
        this.socket = socket;
        wire = new Http1Wire(new NetworkStream(socket, ownsSocket: true));
    }

    private enum BodyFraming
    {
        None,
        Length,
        Chunked,
        UntilClose,
    }

    public static async Task<Http1Exchange> OpenAsync(int port, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, cancel);
        return new Http1Exchange(socket);
    }

    public override async Task SendHeadAsync(RequestHead head, CancellationToken cancel)
    {
        request = head;
        var fields = new Fields { { "host", head.Authority } }.With(head.Headers);
        if (head.Upgrade is { } upgrade)
        {
            fields.Add("connection", "upgrade");
            fields.Add("upgrade", upgrade);
        }
        else if (head.ContentLength is { } length)
        {
            fields.Add("content-length", length.ToString(CultureInfo.InvariantCulture));
        }
        else if (head.HasBody && head.Method != "CONNECT")
        {
            fields.Add("transfer-encoding", "chunked");
        }

        string target = head.Method == "CONNECT" ? head.Authority : head.Path;
        await WriteOrCutShortAsync(() => wire.WriteHeadAsync($"{head.Method} {target} HTTP/1.1", fields, cancel));
    }

    public override Task WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancel) =>
        WriteOrCutShortAsync(() => IsChunkedRequest ? wire.WriteChunkAsync(piece, cancel) : wire.WriteAsync(piece, cancel));

    public override async Task EndAsync(Fields? trailers, CancellationToken cancel)
    {
        if (IsChunkedRequest)
        {
            await WriteOrCutShortAsync(() => wire.WriteLastChunkAsync(trailers ?? [], cancel));
        }
        else if (IsTunnel)
        {
            socket.Shutdown(SocketShutdown.Send);
        }
    }

    public override async Task<ResponseHead> ReadHeadAsync(CancellationToken cancel)
    {
        while (true)
        {
            var (line, fields) = await wire.ReadHeadAsync(cancel) ?? throw new CutShortException("the connection closed before a response");
            int status = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
            var head = new ResponseHead(status, fields);
            if (status is >= 200 or 101)
            {
                framing = FramingOf(head);
                left = framing == BodyFraming.Length ? long.Parse(fields["content-length"]!, CultureInfo.InvariantCulture) : 0;
                return head;
            }

            Informational.Add(head);
        }
    }

    public override async Task<byte[]?> ReadAsync(CancellationToken cancel)
    {
        if (framing == BodyFraming.Chunked && left == 0)
        {
            left = await wire.ReadChunkSizeAsync(cancel);
            if (left == 0)
            {
                Trailers = await wire.ReadFieldsAsync(cancel);
                framing = BodyFraming.None;
            }
        }

        if (framing == BodyFraming.None || (framing == BodyFraming.Length && left == 0))
        {
            return null;
        }

        byte[] piece = await wire.ReadSomeAsync(framing == BodyFraming.UntilClose ? PieceLimitBytes : left, cancel);
        if (piece.Length == 0)
        {
            return framing == BodyFraming.UntilClose ? null : throw new CutShortException($"the connection closed with {left} bytes to come");
        }

        left -= piece.Length;
        if (framing == BodyFraming.Chunked && left == 0)
        {
            await wire.ReadChunkEndAsync(cancel);
        }

        return piece;
    }

    public override Task AbortAsync(CancellationToken cancel)
    {
        socket.LingerState = new LingerOption(true, 0); // closes with RST, as a crashed client would
        socket.Dispose();
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private bool IsTunnel => request is { Upgrade: not null } or { Method: "CONNECT" };

    private bool IsChunkedRequest => request is { HasBody: true, ContentLength: null } && !IsTunnel;

    private BodyFraming FramingOf(ResponseHead head)
    {
        if (head.Status == 101 || (request!.Method == "CONNECT" && head.Status == 200))
        {
            return BodyFraming.UntilClose;
        }

        if (request!.Method == "HEAD" || head.Status is 204 or 304)
        {
            return BodyFraming.None;
        }

        return head.Headers["transfer-encoding"] == "chunked" ? BodyFraming.Chunked
            : head.Headers["content-length"] is not null ? BodyFraming.Length
            : BodyFraming.UntilClose;
    }

    private static async Task WriteOrCutShortAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (IOException e) when (e is not CutShortException)
        {
            throw new CutShortException($"the connection broke: {e.Message}");
        }
    }
}
