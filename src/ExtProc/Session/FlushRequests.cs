namespace ExtProc.Session;

/// <summary>A busy handler asks the loop to flush what it made so far, and waits until that is done.</summary>
internal sealed class FlushRequests
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _asked = New();
    private TaskCompletionSource? _done;

    /// <summary>Ends when a flush is asked for.</summary>
    public Task Asked => _asked.Task;

    public Task AskAsync()
    {
        lock (_lock)
        {
            _done ??= New();
            _asked.TrySetResult();
            return _done.Task;
        }
    }

    /// <summary>Tells whoever asked before the last flush that it is done.</summary>
    public void Done()
    {
        if (!_asked.Task.IsCompleted)
        {
            return;
        }

        lock (_lock)
        {
            _asked = New();
            _done?.TrySetResult();
            _done = null;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
