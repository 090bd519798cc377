using ExtProc.Front.Exchange;

namespace ExtProc.Front.Http;

/// <summary>
/// The body that the app writes: each write waits for room, so that an app is no faster than what follows. One is behind the app's pipe
/// writer; the other is its stream, which lets what waits in the writer go first.
/// </summary>
internal sealed class AppResponseBody(AppResponse response, FrontExchange exchange, bool isBehindWriter, CancellationToken aborted) : Stream
{
    // A server's receive limit need not take more than Envoy's usual chunks.
    private const int LargestChunk = 64 << 10;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await FlushAsync(cancellationToken).ConfigureAwait(false);
        if (response.IsCompleted)
        {
            throw new InvalidOperationException("the response cannot be written to: it has been completed");
        }

        while (buffer.Length > 0 && !response.IsBodyless && !aborted.IsCancellationRequested)
        {
            int count = Math.Min(buffer.Length, LargestChunk);
            await RoomAsync(cancellationToken).ConfigureAwait(false);
            exchange.Data(Direction.Response, buffer[..count].ToArray(), end: false); // the app may use its buffer again
            buffer = buffer[count..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await response.StartAsync(cancellationToken).ConfigureAwait(false);
        if (!isBehindWriter)
        {
            await response.FlushWriterAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override void Flush() => throw Synchronous();

    public override void Write(byte[] buffer, int offset, int count) => throw Synchronous();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask RoomAsync(CancellationToken cancellation)
    {
        if (!cancellation.CanBeCanceled)
        {
            await exchange.RoomAsync(Direction.Response, aborted).ConfigureAwait(false);
            return;
        }

        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, aborted);
        await exchange.RoomAsync(Direction.Response, both.Token).ConfigureAwait(false);
    }

    private static InvalidOperationException Synchronous() => new("synchronous writes are not supported; use WriteAsync");
}
