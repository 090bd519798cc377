using System.IO.Pipelines;

namespace ExtProc.Benchmarks.InProcess;

/// <summary>A response that nobody reads and that is always taken at once.</summary>
internal sealed class DiscardedResponse : PipeWriter
{
    private readonly byte[] _memory = new byte[256 << 10];

    public long Bytes { get; private set; }

    public override void Advance(int bytes) => Bytes += bytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _memory;

    public override Span<byte> GetSpan(int sizeHint = 0) => _memory;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => default;

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }
}
