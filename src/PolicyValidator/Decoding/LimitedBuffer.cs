using System.Buffers;

namespace PolicyValidator.Decoding;

/// <summary>Takes bytes up to a limit.</summary>
/// <param name="most">In bytes; a last piece may be begun below it.</param>
internal sealed class LimitedBuffer(int most) : IBufferWriter<byte>
{
    private readonly ArrayBufferWriter<byte> bytes = new();

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => bytes.WrittenSpan;

    /// <inheritdoc/>
    public void Advance(int count) => bytes.Advance(count);

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0) => bytes.WrittenCount + sizeHint <= most ? bytes.GetMemory(sizeHint) : throw new TooLongException();

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}

/// <summary>More was written than is taken.</summary>
internal sealed class TooLongException : Exception;
