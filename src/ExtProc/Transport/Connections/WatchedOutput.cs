using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace ExtProc.Transport.Connections;

/// <summary>The way out of a connection. Tells <see cref="BlockedConnections"/> while its peer takes nothing of what waits there.</summary>
internal sealed class WatchedOutput(PipeWriter output, GuardedConnection connection, BlockedConnections blocked) : PipeWriter
{
    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => output.CanGetUnflushedBytes;

    /// <inheritdoc/>
    public override long UnflushedBytes => output.UnflushedBytes;

    /// <inheritdoc/>
    public override void Advance(int bytes) => output.Advance(bytes);

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0) => output.GetMemory(sizeHint);

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => output.GetSpan(sizeHint);

    /// <inheritdoc/>
    public override void CancelPendingFlush() => output.CancelPendingFlush();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => output.Complete(exception);

    /// <inheritdoc/>
    public override ValueTask CompleteAsync(Exception? exception = null) => output.CompleteAsync(exception);

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        ValueTask<FlushResult> flush = output.FlushAsync(cancellationToken);
        return flush.IsCompleted ? flush : BlockedAsync(flush);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> BlockedAsync(ValueTask<FlushResult> flush)
    {
        blocked.Begin(connection);
        try
        {
            return await flush.ConfigureAwait(false);
        }
        finally
        {
            blocked.End(connection);
        }
    }
}
