namespace ExtProc.EndToEnd.Upstream;

/// <summary>Lets a test say when the upstream's script may go on; each step is allowed once.</summary>
internal sealed class Steps : IDisposable
{
    private readonly SemaphoreSlim allowed = new(0);

    /// <summary>Called by the test.</summary>
    public void Allow(int count = 1) => allowed.Release(count);

    /// <summary>Called by the script.</summary>
    public Task NextAsync(CancellationToken cancel) => allowed.WaitAsync(cancel);

    public void Dispose() => allowed.Dispose();
}
