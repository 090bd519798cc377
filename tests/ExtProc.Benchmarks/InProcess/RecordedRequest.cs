using System.Buffers;
using System.IO.Pipelines;

namespace ExtProc.Benchmarks.InProcess;

/// <summary>A request that is all here: one message, then another so and so many times, then a last one. Makes no garbage itself.</summary>
internal sealed class RecordedRequest(byte[] first, byte[] repeated, int times, byte[] last) : PipeReader
{
    private ReadOnlySequence<byte> _rest = new(first);
    private int _taken;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => new(Next());

    public override bool TryRead(out ReadResult result)
    {
        result = Next();
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _rest = _rest.Slice(consumed);
        if (_rest.IsEmpty && _taken <= times)
        {
            _taken++;
            _rest = new ReadOnlySequence<byte>(_taken <= times ? repeated : last);
        }
    }

    public override void CancelPendingRead()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }

    private ReadResult Next() => new(_rest, isCanceled: false, isCompleted: _taken > times && _rest.IsEmpty);
}
