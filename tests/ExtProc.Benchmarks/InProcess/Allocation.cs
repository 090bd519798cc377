using ExtProc.Pipeline;

namespace ExtProc.Benchmarks.InProcess;

/// <summary>What one more body chunk of an exchange allocates.</summary>
internal static class Allocation
{
    private const int Few = 100, Many = 1100;

    /// <summary>Bytes on the managed heap for each chunk.</summary>
    public static double PerChunk(int chunkBytes, params PipelineStep[] steps)
    {
        var exchange = new InProcessExchange(steps);
        byte[] first = Messages.RequestHeaders(hasBody: true), chunk = Messages.RequestBody(chunkBytes, endOfStream: false), last = Messages.RequestBody(0, endOfStream: true);
        for (int warm = 0; warm < 3; warm++)
        {
            exchange.Run(first, chunk, Many, last);
        }

        return (Of(Many) - Of(Few)) / (double)(Many - Few);

        long Of(int chunks)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            exchange.Run(first, chunk, chunks, last);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
