using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace ExtProc.Transport.Connections;

/// <summary>
/// The way into a connection. Shows HTTP/2 only so many new streams at a time, and lets those be counted before it shows more: Kestrel makes
/// its objects for every stream that it sees, some hundred times what a peer has sent for it, before anybody can say that there is no room.
/// While memory is short, it shows little at a time of anything.
/// </summary>
/// <param name="input">What the peer sends.</param>
/// <param name="connection">The connection.</param>
/// <param name="budget">Says how scarce memory is.</param>
/// <param name="time">The clock.</param>
internal sealed class PacedInput(PipeReader input, GuardedConnection connection, TransportBudget budget, TimeProvider time) : PipeReader
{
    private static readonly FramePortion Portion = new(Streams: 32, BlockBytes: 64 * 1024, Bytes: int.MaxValue);
    private static readonly FramePortion SmallPortion = new(Streams: 4, BlockBytes: 8 * 1024, Bytes: 16 * 1024);

    // How long others have to make room before the next portion: while memory is short, while there is none, and while there is none and the
    // peer does not even take what it gets.
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(5), Long = TimeSpan.FromMilliseconds(50), OfBlocked = TimeSpan.FromMilliseconds(250);

    private bool holdsBack;

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => input.AdvanceTo(consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => input.AdvanceTo(consumed, examined);

    /// <inheritdoc/>
    public override void CancelPendingRead() => input.CancelPendingRead();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => input.Complete(exception);

    /// <inheritdoc/>
    public override ValueTask CompleteAsync(Exception? exception = null) => input.CompleteAsync(exception);

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (holdsBack)
        {
            return ReadLaterAsync(cancellationToken);
        }

        ValueTask<ReadResult> read = input.ReadAsync(cancellationToken);
        return read.IsCompletedSuccessfully ? new(Shown(read.Result)) : WhenReadAsync(read);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        bool isThere = input.TryRead(out result);
        result = isThere ? Shown(result) : result;
        return isThere;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> WhenReadAsync(ValueTask<ReadResult> read) => Shown(await read.ConfigureAwait(false));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> ReadLaterAsync(CancellationToken cancellationToken)
    {
        if (budget.Pressed)
        {
            await Task.Delay(Pause(), time, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await Task.Yield(); // behind the streams that Kestrel has queued
        }

        return Shown(await input.ReadAsync(cancellationToken).ConfigureAwait(false));
    }

    private TimeSpan Pause() => !budget.Exhausted ? Short : connection.IsBlocked ? OfBlocked : Long;

    private ReadResult Shown(in ReadResult read)
    {
        long shown = (budget.Pressed ? SmallPortion : Portion).Of(read.Buffer);
        holdsBack = shown < read.Buffer.Length;
        return holdsBack ? new(read.Buffer.Slice(0, shown), read.IsCanceled, isCompleted: false) : read;
    }
}
