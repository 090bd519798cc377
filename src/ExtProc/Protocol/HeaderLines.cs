using System.Buffers;
using System.Text;

namespace ExtProc.Protocol;

/// <summary>
/// The lines of a received <c>envoy.config.core.v3.HeaderMap</c>, found when first asked for. Envoy puts every value in
/// <c>raw_value</c>; a peer that uses <c>value</c> is read as well.
/// </summary>
internal struct HeaderLines(ArraySegment<byte> headerMap)
{
    private readonly byte[]? _bytes = headerMap.Array;
    private Line[]? _lines;
    private int _count;

    /// <summary>How many lines there are.</summary>
    public int Count
    {
        get
        {
            if (_lines is null && _bytes is not null)
            {
                FindLines();
            }

            return _count;
        }
    }

    public readonly string Name(int index) => Encoding.UTF8.GetString(NameBytes(index));

    public readonly string Value(int index) => Encoding.UTF8.GetString(ValueBytes(index));

    public readonly bool HasName(int index, string name) => Ascii.EqualsIgnoreCase(NameBytes(index), name);

    /// <summary>Bytes of a line's value.</summary>
    public readonly int ValueLength(int index) => _lines![index].Value.Length;

    /// <summary>Bytes of a line's name and value.</summary>
    public readonly int SizeOf(int index) => _lines![index].Name.Length + _lines[index].Value.Length;

    public bool TryGet(ReadOnlySpan<byte> lowerCaseName, out ReadOnlySpan<byte> value)
    {
        for (int i = 0; i < Count; i++)
        {
            if (NameBytes(i).SequenceEqual(lowerCaseName))
            {
                value = ValueBytes(i);
                return true;
            }
        }

        value = default;
        return false;
    }

    private readonly ReadOnlySpan<byte> NameBytes(int index) => BytesOf(_lines![index].Name);

    private readonly ReadOnlySpan<byte> ValueBytes(int index) => BytesOf(_lines![index].Value);

    private readonly ReadOnlySpan<byte> BytesOf(Slice slice) => _bytes.AsSpan(slice.Start, slice.Length);

    private void FindLines()
    {
        _lines = new Line[16];
        var reader = new ProtoReader(new ReadOnlySequence<byte>(_bytes!, headerMap.Offset, headerMap.Count));
        while (reader.TryReadTag(out int field, out WireType type))
        {
            if (field != 1 || type is not WireType.LengthDelimited)
            {
                reader.Skip(field, type);
                continue;
            }

            if (_count == _lines.Length)
            {
                Array.Resize(ref _lines, _count * 2);
            }

            _lines[_count++] = FindLine(Within(new Slice(headerMap.Offset, headerMap.Count), reader.ReadSlice()));
        }
    }

    private readonly Line FindLine(Slice at)
    {
        Slice name = default, value = default, rawValue = default;
        var reader = new ProtoReader(new ReadOnlySequence<byte>(_bytes!, at.Start, at.Length));
        while (reader.TryReadTag(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (1, WireType.LengthDelimited): name = Within(at, reader.ReadSlice()); break;
                case (2, WireType.LengthDelimited): value = Within(at, reader.ReadSlice()); break;
                case (3, WireType.LengthDelimited): rawValue = Within(at, reader.ReadSlice()); break;
                default: reader.Skip(field, type); break;
            }
        }

        return new Line(name, rawValue.Length > 0 ? rawValue : value);
    }

    private static Slice Within(Slice outer, Slice inner) => inner with { Start = outer.Start + inner.Start };

    private readonly record struct Line(Slice Name, Slice Value);
}
