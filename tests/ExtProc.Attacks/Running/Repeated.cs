using System.Collections.Concurrent;

namespace ExtProc.Attacks.Running;

/// <summary>Does one thing again and again until it is stopped, and counts how often that went wrong.</summary>
internal sealed class Repeated : IAsyncDisposable
{
    // Nothing ever asks for its wait handle, so there is nothing to dispose of.
    private readonly SemaphoreSlim _pauseIsOver = new(0);
    private readonly Task _work;
    private volatile bool _stopped;
    private int _begun, _done, _tries;

    /// <param name="pause">How long it waits in between.</param>
    /// <param name="once">The thing; it fails by throwing.</param>
    public Repeated(TimeSpan pause, Func<Task> once) => _work = Task.Run(() => RepeatAsync(pause, once));

    /// <summary>How often it went well.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>How often it was done, well or not.</summary>
    public int Tries => Volatile.Read(ref _tries);

    /// <summary>What went wrong, until somebody takes it out.</summary>
    public ConcurrentQueue<string> Failures { get; } = new();

    /// <summary>Does it once more without a pause before.</summary>
    /// <returns>The count of <see cref="Tries"/> that says that one is over which has begun from now on.</returns>
    public int Hurry()
    {
        int next = Volatile.Read(ref _begun) + 1;
        _pauseIsOver.Release();
        return next;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stopped = true;
        _pauseIsOver.Release();
        await _work;
    }

    private async Task RepeatAsync(TimeSpan pause, Func<Task> once)
    {
        while (!_stopped)
        {
            await TryAsync(once);
            await _pauseIsOver.WaitAsync(pause);
        }
    }

    private async Task TryAsync(Func<Task> once)
    {
        Interlocked.Increment(ref _begun);
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
    }
}
