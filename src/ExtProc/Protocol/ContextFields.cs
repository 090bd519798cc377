using System.Buffers;

namespace ExtProc.Protocol;

/// <summary>Cuts attributes and dynamic metadata out of a <c>ProcessingRequest</c>, so that they can be kept without the rest of it.</summary>
internal static class ContextFields
{
    private const int MetadataContext = 8, Attributes = 9;

    /// <summary>A message with these fields alone, still encoded; empty when it has none, or empty ones.</summary>
    /// <exception cref="MalformedMessageException">The bytes are not a <c>ProcessingRequest</c>.</exception>
    public static byte[] Of(in ReadOnlySequence<byte> message)
    {
        ArrayBufferWriter<byte>? fields = null;
        var reader = new ProtoReader(message);
        while (reader.Position is var start && reader.TryReadTag(out int field, out WireType type))
        {
            if (field is not (MetadataContext or Attributes) || type is not WireType.LengthDelimited)
            {
                reader.Skip(field, type);
            }
            else if (reader.ReadSlice().Length > 0)
            {
                foreach (ReadOnlyMemory<byte> piece in message.Slice(start, reader.Position - start))
                {
                    (fields ??= new()).Write(piece.Span);
                }
            }
        }

        return fields?.WrittenSpan.ToArray() ?? [];
    }
}
