using System.Buffers;
using System.IO.Pipelines;
using ExtProc.Front.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ExtProc.Front.Exchange;

/// <summary>Reads the client's body as it comes, no faster than the exchange takes it.</summary>
internal sealed class ClientRequest(HttpContext context, FrontExchange exchange)
{
    // A server's receive limit need not take more than Envoy's usual chunks.
    private const int LargestChunk = 64 << 10;

    private readonly PipeReader _reader = context.Request.BodyReader;
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
        if (chunk.Length > 0 || (isAtEnd && !hasTrailers))
        {
            exchange.Data(Direction.Request, chunk, isAtEnd && !hasTrailers);
        }

        if (hasTrailers)
        {
            exchange.Trailers(Direction.Request, HeaderLines.Of(_trailers!.Trailers));
        }

        return isAtEnd;
    }
}
