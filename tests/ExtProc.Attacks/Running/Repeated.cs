using System.Collections.Concurrent;

namespace ExtProc.Attacks.Running;

/// <summary>Does one thing again and again until it is stopped, and counts how often that went wrong.</summary>
internal sealed class Repeated : IAsyncDisposable
{
    // It has no timer, so there is nothing to dispose of, and stopping twice is no harm.
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;
    private int _done, _tries;

    /// <param name="pause">How long it waits in between.</param>
    /// <param name="once">The thing; it fails by throwing.</param>
    public Repeated(TimeSpan pause, Func<Task> once) => _work = Task.Run(() => RepeatAsync(pause, once));

    /// <summary>How often it went well.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>How often it was done, well or not.</summary>
    public int Tries => Volatile.Read(ref _tries);

    /// <summary>What went wrong, until somebody takes it out.</summary>
    public ConcurrentQueue<string> Failures { get; } = new();

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
                Failures.Enqueue(failed.Message);
            }

            Interlocked.Increment(ref _tries);

            await Task.Delay(pause, TimeProvider.System, _stop.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }
}
