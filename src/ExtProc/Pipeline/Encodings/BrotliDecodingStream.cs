using ExtProc.Memory;

namespace ExtProc.Pipeline.Encodings;

/// <summary>Brotli decoded as it is read. A read waits while there is nothing to decode; one reader.</summary>
internal sealed class BrotliDecodingStream(Stream encoded, CodingMemory memory) : OneWayStream
{
    private const int InputBytes = 16 << 10;

    private readonly BrotliHandle _decoder = new(new BrotliMemory(memory));
    private readonly byte[] _input = ByteArrays.Rent(InputBytes);
    private ReadOnlyMemory<byte> _left;
    private bool _isDone, _isReading;

    public override bool CanRead => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!_isDone)
        {
            _isDone = _decoder.Decode(_left.Span, buffer.Span, out int used, out int made);
            _left = _left[used..];
            if (made > 0)
            {
                return made;
            }

            if (!_isDone)
            {
                await FillAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        return 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_decoder.IsClosed)
        {
            _decoder.Dispose();
            if (!_isReading)
            {
                ByteArrays.Return(_input); // bytes may still come into it otherwise
            }
        }

        base.Dispose(disposing);
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        _isReading = true;
        int count = await encoded.ReadAsync(_input.AsMemory(0, InputBytes), cancellationToken).ConfigureAwait(false);
        _isReading = false;
        _left = count > 0 ? _input.AsMemory(0, count) : throw new InvalidDataException("it was cut off");
    }
}
