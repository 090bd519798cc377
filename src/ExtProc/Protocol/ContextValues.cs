using System.Buffers;

namespace ExtProc.Protocol;

/// <summary>
/// Counts the values of received attributes (<c>google.protobuf.Struct</c> by name) and dynamic metadata
/// (<c>envoy.config.core.v3.Metadata</c>), which are decoded only when a processor asks for them, and then grow many times over.
/// </summary>
/// <param name="limit">How many there may be.</param>
internal struct ContextValues(int limit)
{
    // The generated classes stop at the same depth.
    private const int MaxDepth = 100;

    // They go on in some bytes that are not fields. Such bytes count as one value for every two, since looking into them has a cost, too.
    private const int BrokenCount = 100, LeastValueBytes = 2;

    private long _count;
    private bool _isTooDeep;

    /// <summary>Counts an entry of <c>ProcessingRequest.attributes</c>.</summary>
    /// <exception cref="MalformedMessageException">They are nested too deep.</exception>
    /// <exception cref="ReceivedLimitException">There are more values than the limit.</exception>
    public void AddAttributes(in ReadOnlySequence<byte> entry) => Add(entry, Shape.NamedStruct, depth: 0);

    /// <summary>Counts <c>ProcessingRequest.metadata_context</c>.</summary>
    /// <inheritdoc cref="AddAttributes"/>
    public void AddMetadata(in ReadOnlySequence<byte> metadata) => Add(metadata, Shape.Metadata, depth: 0);

    private void Add(in ReadOnlySequence<byte> bytes, Shape shape, int depth)
    {
        _isTooDeep = depth > MaxDepth;
        if (_isTooDeep)
        {
            throw new MalformedMessageException($"attributes or metadata nested deeper than {MaxDepth}");
        }

        var reader = new ProtoReader(bytes);
        try
        {
            while (reader.TryReadTag(out int field, out WireType type))
            {
                Count(1);
                if (type is WireType.LengthDelimited && Inner(shape, field) is { } inner)
                {
                    Add(reader.ReadBytes(), inner, depth + 1);
                }
                else
                {
                    reader.Skip(field, type);
                }
            }
        }
        catch (MalformedMessageException) when (!_isTooDeep)
        {
            Count(BrokenCount + ((bytes.Length - reader.Position) / LeastValueBytes));
        }
    }

    private void Count(long values)
    {
        _count += values;
        if (_count > limit)
        {
            throw new ReceivedLimitException($"more than {limit} values of attributes and metadata (limits.receivedHeaderCount)");
        }
    }

    private static Shape? Inner(Shape outer, int field) => (outer, field) switch
    {
        (Shape.Metadata, 1) => Shape.NamedStruct, // field 2, typed metadata, is never decoded
        (Shape.NamedStruct, 2) => Shape.Struct,
        (Shape.Struct, 1) => Shape.NamedValue,
        (Shape.NamedValue, 2) => Shape.Value,
        (Shape.Value, 5) => Shape.Struct,
        (Shape.Value, 6) => Shape.List,
        (Shape.List, 1) => Shape.Value,
        _ => null,
    };

    // Named: the entry of a map, with its key in field 1 and its value in field 2.
    private enum Shape
    {
        Metadata,
        NamedStruct,
        Struct,
        NamedValue,
        Value,
        List,
    }
}
