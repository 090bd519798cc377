using System.Globalization;
using System.Net.Sockets;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Upstream;

/// <summary>A call over HTTP/1.1, on a bare socket: Kestrel sends neither trailers nor informational responses there.</summary>
internal sealed class Http1Call(Socket socket, Http1Wire wire, SeenRequest seen) : UpstreamCall(seen)
{
    private const int PieceLimitBytes = 64 * 1024;
    private readonly bool chunkedRequest = seen.Headers["transfer-encoding"] == "chunked";
    private long left = long.Parse(seen.Headers["content-length"] ?? "0", CultureInfo.InvariantCulture);
    private bool tunnel;
    private bool requestEnded;
    private bool chunkedResponse;
    private bool aborted;
    private Fields trailers = [];

    /// <summary>True when the connection can carry another request.</summary>
    public bool CanReuse => requestEnded && !tunnel && !aborted;

    public override async Task StartAsync(int status, Fields headers, CancellationToken cancel)
    {
        bool hasBody = Seen.Method != "HEAD" && status is not (204 or 304);
        chunkedResponse = hasBody && headers["content-length"] is null;
        var all = chunkedResponse ? headers.With(new Fields { { "transfer-encoding", "chunked" } }) : headers;
        await wire.WriteHeadAsync($"HTTP/1.1 {status} X", all, cancel);
    }

    public override Task StartAndEndAsync(int status, Fields headers, CancellationToken cancel)
    {
        bool needsLength = headers["content-length"] is null && status is not (204 or 304);
        return wire.WriteHeadAsync($"HTTP/1.1 {status} X", needsLength ? headers.With(new Fields { { "content-length", "0" } }) : headers, cancel);
    }

    public override Task WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancel) =>
        chunkedResponse ? wire.WriteChunkAsync(piece, cancel) : wire.WriteAsync(piece, cancel);

    public override async Task EndAsync(Fields? trailers, CancellationToken cancel)
    {
        if (chunkedResponse)
        {
            await wire.WriteLastChunkAsync(trailers ?? [], cancel);
        }
    }

    public override Task InformAsync(int status, Fields headers, CancellationToken cancel) =>
        wire.WriteHeadAsync($"HTTP/1.1 {status} X", headers, cancel);

    public override async Task AcceptTunnelAsync(CancellationToken cancel)
    {
        tunnel = true;
        if (Seen.Method == "CONNECT")
        {
            await wire.WriteHeadAsync("HTTP/1.1 200 X", [], cancel);
            return;
        }

        var headers = new Fields { { "connection", "upgrade" }, { "upgrade", Seen.Headers["upgrade"] ?? "" } };
        await wire.WriteHeadAsync("HTTP/1.1 101 X", headers, cancel);
    }

    public override void Abort()
    {
        aborted = true;
        socket.Dispose();
    }

    protected override Fields RequestTrailers => trailers;

    protected override async Task<byte[]?> ReadPieceAsync(CancellationToken cancel)
    {
        if (tunnel)
        {
            byte[] bytes = await wire.ReadSomeAsync(PieceLimitBytes, cancel);
            return bytes.Length == 0 ? null : bytes;
        }

        if (chunkedRequest && left == 0 && !requestEnded)
        {
            left = await wire.ReadChunkSizeAsync(cancel);
            trailers = left == 0 ? await wire.ReadFieldsAsync(cancel) : trailers;
        }

        if (left == 0)
        {
            requestEnded = true;
            return null;
        }

        byte[] piece = await wire.ReadSomeAsync(left, cancel);
        left -= piece.Length > 0 ? piece.Length : throw new CutShortException("the connection closed within the request's body");
        if (chunkedRequest && left == 0)
        {
            await wire.ReadChunkEndAsync(cancel);
        }

        return piece;
    }
}
