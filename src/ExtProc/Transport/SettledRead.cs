using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace ExtProc.Transport;

/// <summary>
/// Awaits a read and says "none" where awaiting it would throw: a failed read means that no more will be sent.
/// </summary>
internal readonly struct SettledRead(ValueTask<ReadResult> read, bool failed) : ICriticalNotifyCompletion
{
    public bool IsCompleted => failed || read.IsCompleted;

    /// <summary>Begins a read; one of no pipe has failed.</summary>
    public static SettledRead Of(PipeReader? input, CancellationToken cancellationToken)
    {
        try
        {
            return input is null ? new(default, failed: true) : new(input.ReadAsync(cancellationToken), failed: false);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            return new(default, failed: true);
        }
    }

    public SettledRead GetAwaiter() => this;

    // The pipe of a failed read is never read again, so leaving its result unobserved does no harm.
    public ReadResult? GetResult() => failed || read.IsFaulted || read.IsCanceled ? null : read.Result;

    public void OnCompleted(Action continuation) => read.ConfigureAwait(false).GetAwaiter().OnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) => read.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(continuation);
}
