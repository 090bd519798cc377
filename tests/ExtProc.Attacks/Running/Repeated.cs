using System.Collections.Concurrent;

namespace ExtProc.Attacks.Running;

/// <summary>Does one thing again and again until it is stopped, and counts how often that went wrong.</summary>
internal sealed class Repeated : IAsyncDisposable
{
    // It has no timer, so there is nothing to dispose of, and stopping twice is no harm.
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Task _work;
    private int _done;

    /// <param name="pause">How long it waits in between.</param>
    /// <param name="once">The thing; it fails by throwing.</param>
    public Repeated(TimeSpan pause, Func<Task> once) => _work = Task.Run(() => RepeatAsync(pause, once));

    /// <summary>How often it went well.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>What went wrong since the last time that this was asked.</summary>
    public IReadOnlyList<string> TakeFailures()
    {
        List<string> failures = [];
        while (_failures.TryDequeue(out string? failure))
        {
            failures.Add(failure);
        }

        return failures;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
    }

    private async Task RepeatAsync(TimeSpan pause, Func<Task> once)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await once();
                Interlocked.Increment(ref _done);
            }
            catch (Exception failed)
            {
                _failures.Enqueue(failed.Message);
            }

            await Task.Delay(pause, TimeProvider.System, _stop.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }
}
