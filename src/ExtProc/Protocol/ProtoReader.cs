using System.Buffers;
using System.Runtime.CompilerServices;

namespace ExtProc.Protocol;

/// <summary>
/// Reads protobuf's wire format from received bytes without making objects of them.
/// Source: protobuf.dev/programming-guides/encoding.
/// </summary>
/// <param name="bytes">A message.</param>
/// <param name="fieldLimit">How many fields are read, those of groups that are left out included.</param>
internal ref struct ProtoReader(ReadOnlySequence<byte> bytes, int fieldLimit = int.MaxValue)
{
    private SequenceReader<byte> _reader = new(bytes);
    private int _fieldsLeft = fieldLimit;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => (int)_reader.Consumed;

    /// <summary>Reads the next field's number and wire type; false at the end.</summary>
    /// <exception cref="MalformedMessageException">The tag is not one.</exception>
    /// <exception cref="ReceivedLimitException">There are more fields than the limit.</exception>
    public bool TryReadTag(out int field, out WireType type)
    {
        if (_reader.End)
        {
            (field, type) = (0, default);
            return false;
        }

        if (--_fieldsLeft < 0)
        {
            throw TooMany();
        }

        // A tag has 32 bits; what is above them is dropped, as the generated classes do.
        uint tag = (uint)ReadVarint();
        field = (int)(tag >> 3);
        type = (WireType)(tag & 7);
        return field > 0 ? true : throw new MalformedMessageException($"field number 0 at byte {Position}");
    }

    /// <summary>Reads a varint of up to ten bytes.</summary>
    public ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if (!_reader.TryRead(out byte b))
            {
                throw Truncated();
            }

            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw new MalformedMessageException($"a varint longer than ten bytes at byte {Position}");
    }

    /// <summary>Reads a varint as a bool: any value but zero is true.</summary>
    public bool ReadBool() => ReadVarint() != 0;

    /// <summary>Reads a length-delimited value; the slice points into the message.</summary>
    public ReadOnlySequence<byte> ReadBytes()
    {
        int length = ReadLength();
        ReadOnlySequence<byte> value = _reader.UnreadSequence.Slice(0, length);
        _reader.Advance(length);
        return value;
    }

    /// <summary>Reads a length-delimited value as its place in the message.</summary>
    public Slice ReadSlice()
    {
        int length = ReadLength();
        var slice = new Slice(Position, length);
        _reader.Advance(length);
        return slice;
    }

    /// <summary>Leaves a value out, whatever it is.</summary>
    public void Skip(int field, WireType type)
    {
        switch (type)
        {
            case WireType.Varint: ReadVarint(); break;
            case WireType.Fixed64: Advance(8); break;
            case WireType.Fixed32: Advance(4); break;
            case WireType.LengthDelimited: Advance(ReadLength()); break;
            case WireType.StartGroup: SkipGroup(field, depth: 0); break;
            default: throw new MalformedMessageException($"wire type {(int)type} of field {field} at byte {Position}");
        }
    }

    // The generated classes stop at the same depth.
    private const int MaxGroupDepth = 100;

    private void SkipGroup(int group, int depth)
    {
        if (depth == MaxGroupDepth)
        {
            throw new MalformedMessageException($"groups nested deeper than {MaxGroupDepth}");
        }

        while (TryReadTag(out int field, out WireType type))
        {
            if (type is WireType.EndGroup)
            {
                if (field != group)
                {
                    throw new MalformedMessageException($"group {group} ended as group {field} at byte {Position}");
                }

                return;
            }

            if (type is WireType.StartGroup)
            {
                SkipGroup(field, depth + 1);
            }
            else
            {
                Skip(field, type);
            }
        }

        throw Truncated();
    }

    private int ReadLength()
    {
        ulong length = ReadVarint();
        return length <= (ulong)_reader.Remaining ? (int)length : throw Truncated();
    }

    private void Advance(int count)
    {
        if (count > _reader.Remaining)
        {
            throw Truncated();
        }

        _reader.Advance(count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReceivedLimitException TooMany() => new("more lines or fields than are taken (limits.receivedHeaderCount)");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly MalformedMessageException Truncated() => new($"the message ends inside a field at byte {Position}");
}

/// <summary>How a field's value is laid out.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    LengthDelimited = 2,
    StartGroup = 3,
    EndGroup = 4,
    Fixed32 = 5,
}

/// <summary>A piece of a message by its place.</summary>
internal readonly record struct Slice(int Start, int Length);

/// <summary>Received bytes are not a message of the protocol.</summary>
internal sealed class MalformedMessageException(string found) : Exception($"not a ProcessingRequest: {found}");
