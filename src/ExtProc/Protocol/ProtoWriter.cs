using System.Buffers;
using System.Text;

namespace ExtProc.Protocol;

/// <summary>Writes protobuf's wire format straight into a pipe's memory. End with <see cref="Complete"/>.</summary>
internal ref struct ProtoWriter(IBufferWriter<byte> output)
{
    // Enough for any tag and length; also keeps the number of requests to the pipe small.
    private const int Room = 256;

    private readonly IBufferWriter<byte> _output = output;
    private Span<byte> _span = output.GetSpan(Room);
    private int _used;

    /// <summary>The bytes that a length-delimited field of a one-byte tag takes.</summary>
    public static int SizeOfField(int contentLength) => 1 + SizeOfVarint((uint)contentLength) + contentLength;

    /// <summary>The bytes that a varint takes.</summary>
    public static int SizeOfVarint(uint value) => (38 - System.Numerics.BitOperations.LeadingZeroCount(value | 1)) / 7;

    /// <summary>Opens a length-delimited field; its content of <paramref name="length"/> bytes must follow.</summary>
    public void Open(int field, int length)
    {
        Ensure(6);
        _span[_used++] = (byte)((field << 3) | (int)WireType.LengthDelimited);
        WriteVarint((uint)length);
    }

    /// <summary>Writes a varint field of a one-byte tag and a one-byte value.</summary>
    public void WriteSmall(int field, int value)
    {
        Ensure(2);
        _span[_used++] = (byte)(field << 3);
        _span[_used++] = (byte)value;
    }

    /// <summary>Writes a length-delimited field.</summary>
    public void WriteField(int field, scoped ReadOnlySpan<byte> content)
    {
        Open(field, content.Length);
        WriteRaw(content);
    }

    /// <summary>Writes text as UTF-8 in a length-delimited field.</summary>
    /// <param name="field">Field number, below 16.</param>
    /// <param name="text">The text.</param>
    /// <param name="utf8Length">Its length as UTF-8, in bytes.</param>
    public void WriteText(int field, string text, int utf8Length)
    {
        Open(field, utf8Length);
        Ensure(utf8Length);
        _used += Encoding.UTF8.GetBytes(text, _span[_used..]);
    }

    /// <summary>Writes bytes as they are: content of a field that was opened.</summary>
    public void WriteRaw(scoped ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            if (_used == _span.Length)
            {
                Refill(Room);
            }

            int count = Math.Min(content.Length, _span.Length - _used);
            content[..count].CopyTo(_span[_used..]);
            _used += count;
            content = content[count..];
        }
    }

    /// <inheritdoc cref="WriteRaw(ReadOnlySpan{byte})"/>
    public void WriteRaw(in ReadOnlySequence<byte> content)
    {
        foreach (ReadOnlyMemory<byte> segment in content)
        {
            WriteRaw(segment.Span);
        }
    }

    /// <summary>Hands the last bytes over.</summary>
    public void Complete()
    {
        _output.Advance(_used);
        _used = 0;
        _span = default;
    }

    private void WriteVarint(uint value)
    {
        while (value >= 0x80)
        {
            _span[_used++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _span[_used++] = (byte)value;
    }

    private void Ensure(int count)
    {
        if (_span.Length - _used < count)
        {
            Refill(Math.Max(count, Room));
        }
    }

    private void Refill(int count)
    {
        _output.Advance(_used);
        _used = 0;
        _span = _output.GetSpan(count);
    }
}
