using System.IO.Pipelines;
using ExtProc.Transport.Connections;

namespace ExtProc.Transport;

/// <summary>
/// What one response holds because its peer has not taken it: the blocks that its pipe has rented, which go back when Kestrel has sent
/// what is in them. Kestrel itself does not expose this.
/// </summary>
/// <param name="connection">The response's connection, which counts the same for all of its responses; null where none is guarded.</param>
internal sealed class UntakenBytes(GuardedConnection? connection = null)
{
    [ThreadStatic]
    private static UntakenBytes? renting;

    private long bytes;
    private TaskCompletionSource? taken;

    /// <summary>The response that the blocks rented by this thread now are for; null for none.</summary>
    public static UntakenBytes? Renting => renting;

    /// <summary>Bytes of blocks. May be asked from anywhere.</summary>
    public long Bytes => Volatile.Read(ref bytes);

    /// <summary>Asks the response's pipe for memory.</summary>
    public Memory<byte> Ask(PipeWriter output, int sizeHint)
    {
        renting = this;
        try
        {
            return output.GetMemory(sizeHint);
        }
        finally
        {
            renting = null;
        }
    }

    /// <summary>Begins a write that asks for memory before it returns.</summary>
    public Task Count(Func<Task> begin)
    {
        renting = this;
        try
        {
            return begin();
        }
        finally
        {
            renting = null;
        }
    }

    /// <summary>Counts a block that was rented, or with a negative number one that was given back. From any thread.</summary>
    public void Add(int blockBytes)
    {
        connection?.AddUntaken(blockBytes);
        if (Interlocked.Add(ref bytes, blockBytes) == 0)
        {
            Volatile.Read(ref taken)?.TrySetResult();
        }
    }

    /// <summary>Completes when everything has been taken. For one caller, which asks for no more memory.</summary>
    public Task WhenTakenAsync()
    {
        TaskCompletionSource until = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref taken, until);
        if (Bytes == 0)
        {
            until.TrySetResult();
        }

        return until.Task;
    }
}
