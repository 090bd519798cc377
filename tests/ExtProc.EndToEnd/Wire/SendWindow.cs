namespace ExtProc.EndToEnd.Wire;

/// <summary>How many bytes may still be sent (RFC 9113 section 5.2); a sender waits here for more.</summary>
internal sealed class SendWindow(long bytes)
{
    private readonly Lock changing = new();
    private TaskCompletionSource grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? closed;

    /// <summary>Nothing may be sent any more; whoever waits learns why.</summary>
    public void Close(string why)
    {
        lock (changing)
        {
            closed = why;
            grown.TrySetResult();
        }
    }

    public void Grow(long by)
    {
        lock (changing)
        {
            bytes += by;
            grown.TrySetResult();
            if (closed is null)
            {
                grown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    /// <summary>Takes between 1 and so many bytes.</summary>
    public async Task<int> TakeAsync(int wanted, CancellationToken cancel)
    {
        while (true)
        {
            Task wait;
            lock (changing)
            {
                if (closed is not null)
                {
                    throw new CutShortException(closed);
                }

                int taken = (int)Math.Min(wanted, bytes);
                if (taken > 0)
                {
                    bytes -= taken;
                    return taken;
                }

                wait = grown.Task;
            }

            await wait.WaitAsync(cancel);
        }
    }
}
