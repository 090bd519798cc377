using System.Buffers;
using System.IO.Pipelines;
using ExtProc.Front.Exchange;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http;

namespace ExtProc.Front.Http;

/// <summary>Reads the client's body as it comes, no faster than the exchange takes it.</summary>
internal sealed class ClientRequest(HttpContext context, FrontExchange exchange)
{
    // A server's receive limit need not take more than Envoy's usual chunks.
    private const int LargestChunk = 64 << 10;

    private readonly PipeReader _reader = context.Request.BodyReader;
    // Envoy's HTTP/1.1 learns of the end when the last bytes have been passed on.
    private readonly bool _endsApart = HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol);
    private readonly IHttpRequestTrailersFeature? _trailers = context.Features.Get<IHttpRequestTrailersFeature>();

    public async Task ReadAsync(CancellationToken cancellation)
    {
        bool isAtEnd = false;
        while (!isAtEnd && !exchange.IsOver(Direction.Request))
        {
            await exchange.RoomAsync(Direction.Request, cancellation).ConfigureAwait(false);
            isAtEnd = Take(await _reader.ReadAsync(cancellation).ConfigureAwait(false));
        }
    }

    /// <summary>Takes what was read; true at the end.</summary>
    private bool Take(ReadResult read)
    {
        ReadOnlySequence<byte> bytes = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, LargestChunk));
        bool isAtEnd = read.IsCompleted && bytes.Length == read.Buffer.Length;
        byte[] chunk = bytes.ToArray(); // the server may be given it long after the reader has gone on
        _reader.AdvanceTo(bytes.End);
        bool hasTrailers = isAtEnd && _trailers is { Available: true, Trailers.Count: > 0 };
        bool endsWithChunk = isAtEnd && !hasTrailers && !(_endsApart && chunk.Length > 0);
        if (chunk.Length > 0 || endsWithChunk)
        {
            exchange.Data(Direction.Request, chunk, endsWithChunk);
        }

        if (hasTrailers)
        {
            exchange.Trailers(Direction.Request, HeaderLines.Of(_trailers!.Trailers));
        }
        else if (isAtEnd && !endsWithChunk)
        {
            exchange.Data(Direction.Request, default, end: true);
        }

        return isAtEnd;
    }
}
