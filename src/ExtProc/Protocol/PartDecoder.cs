using System.Buffers;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;

namespace ExtProc.Protocol;

/// <summary>
/// Decodes a <c>ProcessingRequest</c> without making objects of it. It agrees with the generated class on every input: where the
/// bytes use protobuf's rarer rules (a member that comes twice is merged), the generated class brings them into plain form first.
/// </summary>
internal static class PartDecoder
{
    /// <exception cref="MalformedMessageException">The bytes are not a <c>ProcessingRequest</c>.</exception>
    public static Part Decode(ReadOnlySequence<byte> message) =>
        TryDecode(message, out Part part) ? part : DecodePlain(message);

    private static Part DecodePlain(ReadOnlySequence<byte> message)
    {
        try
        {
            byte[] plain = ProcessingRequest.Parser.ParseFrom(message).ToByteArray();
            return TryDecode(new ReadOnlySequence<byte>(plain), out Part part)
                ? part
                : throw new MalformedMessageException("a message that has no plain form");
        }
        catch (InvalidProtocolBufferException broken)
        {
            throw new MalformedMessageException(broken.Message);
        }
    }

    /// <summary>False when a field comes twice and needs merging.</summary>
    private static bool TryDecode(ReadOnlySequence<byte> message, out Part part)
    {
        part = default;
        int member = 0, unknown = 0;
        bool observability = false, attributes = false;
        ReadOnlySequence<byte> content = default;
        ProtocolConfig? config = null;
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (>= 2 and <= 7, WireType.LengthDelimited):
                    if (member != 0)
                    {
                        return false;
                    }

                    (member, content) = (field, reader.ReadBytes());
                    break;
                case (9, WireType.LengthDelimited):
                    attributes = true;
                    reader.Skip(field, type);
                    break;
                case (10, WireType.Varint):
                    observability = reader.ReadBool();
                    break;
                case (11, WireType.LengthDelimited):
                    if (config is not null)
                    {
                        return false;
                    }

                    config = DecodeConfig(reader.ReadBytes());
                    break;
                default:
                    // Fields 8, 12 and 13 are known, and none of them is a part.
                    unknown = field is 8 or 12 or 13 ? unknown : field;
                    reader.Skip(field, type);
                    break;
            }
        }

        if (!TryDecodeMember(member, content, out ReadOnlySequence<byte> inner, out bool end))
        {
            return false;
        }

        part = new Part
        {
            Kind = KindOf(member),
            Direction = member is 3 or 5 or 7 ? Direction.Response : Direction.Request,
            EndOfStream = end,
            Content = inner,
            ObservabilityMode = observability,
            ProtocolConfig = config,
            HasAttributes = attributes,
            UnknownField = member == 0 ? unknown : 0,
        };
        return true;
    }

    private static PartKind KindOf(int member) => member switch
    {
        2 or 3 => PartKind.Headers,
        4 or 5 => PartKind.Body,
        6 or 7 => PartKind.Trailers,
        _ => PartKind.Unknown,
    };

    /// <summary>HttpHeaders, HttpBody and HttpTrailers all have their content in field 1; the end is in 3 for headers, in 2 for bodies.</summary>
    private static bool TryDecodeMember(int member, ReadOnlySequence<byte> bytes, out ReadOnlySequence<byte> content, out bool end)
    {
        (content, end) = (default, false);
        int endField = KindOf(member) switch { PartKind.Headers => 3, PartKind.Body => 2, _ => 0 };
        bool seen = false;
        var reader = new ProtoReader(bytes);
        while (reader.TryReadTag(out int field, out WireType type))
        {
            if (field == 1 && type is WireType.LengthDelimited)
            {
                if (seen)
                {
                    return false;
                }

                (seen, content) = (true, reader.ReadBytes());
            }
            else if (field == endField && type is WireType.Varint)
            {
                end = reader.ReadBool();
            }
            else
            {
                reader.Skip(field, type);
            }
        }

        return true;
    }

    private static ProtocolConfig DecodeConfig(ReadOnlySequence<byte> bytes)
    {
        int request = 0, response = 0;
        bool withoutWaiting = false;
        var reader = new ProtoReader(bytes);
        while (reader.TryReadTag(out int field, out WireType type))
        {
            switch (field, type)
            {
                case (1, WireType.Varint): request = (int)reader.ReadVarint(); break;
                case (2, WireType.Varint): response = (int)reader.ReadVarint(); break;
                case (3, WireType.Varint): withoutWaiting = reader.ReadBool(); break;
                default: reader.Skip(field, type); break;
            }
        }

        return new((BodySendMode)request, (BodySendMode)response, withoutWaiting);
    }
}
