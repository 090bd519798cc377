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
    /// <summary>
    /// Bytes of the largest message in which a member may come twice. The generated classes make objects of everything, so what would be
    /// costly is refused; nobody sends a member twice on purpose.
    /// </summary>
    public const int MergedLimitBytes = 64 << 10;

    /// <summary>Decodes a message, and looks at its limits before anything is made of its bytes.</summary>
    /// <exception cref="MalformedMessageException">The bytes are not a <c>ProcessingRequest</c>.</exception>
    /// <exception cref="ReceivedLimitException">It has more beside a body's bytes than the limits allow.</exception>
    public static Part Decode(ReadOnlySequence<byte> message, in ReceivedLimits limits)
    {
        Part part = TryDecode(message, limits, out Part plain) ? plain : DecodeMerged(message, limits);
        limits.RequireBytes(message.Length - (part.Kind is PartKind.Body ? part.Content.Length : 0));
        RequireFewLines(part, limits);
        return part;
    }

    private static Part DecodeMerged(ReadOnlySequence<byte> message, in ReceivedLimits limits)
    {
        if (message.Length > MergedLimitBytes)
        {
            throw new MalformedMessageException($"a member comes twice, which is taken in messages of up to {MergedLimitBytes} bytes, and this has {message.Length}");
        }

        try
        {
            byte[] plain = ProcessingRequest.Parser.ParseFrom(message).ToByteArray();
            return TryDecode(new ReadOnlySequence<byte>(plain), limits, out Part part)
                ? part
                : throw new MalformedMessageException("a message that has no plain form");
        }
        catch (InvalidProtocolBufferException broken)
        {
            throw new MalformedMessageException(broken.Message);
        }
    }

    /// <summary>False when a field comes twice and needs merging.</summary>
    private static bool TryDecode(ReadOnlySequence<byte> message, in ReceivedLimits limits, out Part part)
    {
        part = default;
        int member = 0, unknown = 0;
        bool observability = false, attributes = false;
        ReadOnlySequence<byte> content = default;
        ProtocolConfig? config = null;
        ContextValues context = new(limits.HeaderCount);
        var reader = new ProtoReader(message, limits.HeaderCount);
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
                case (8, WireType.LengthDelimited):
                    context.AddMetadata(reader.ReadBytes());
                    break;
                case (9, WireType.LengthDelimited):
                    attributes = true;
                    context.AddAttributes(reader.ReadBytes());
                    break;
                case (10, WireType.Varint):
                    observability = reader.ReadBool();
                    break;
                case (11, WireType.LengthDelimited):
                    if (config is not null)
                    {
                        return false;
                    }

                    config = DecodeConfig(reader.ReadBytes(), limits);
                    break;
                default:
                    // Fields 12 and 13 are known, and none of them is a part.
                    unknown = field is 8 or 12 or 13 ? unknown : field;
                    reader.Skip(field, type);
                    break;
            }
        }

        if (!TryDecodeMember(member, content, limits, out ReadOnlySequence<byte> inner, out bool end))
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

    // A line takes two bytes at least, so most messages need no count.
    private static void RequireFewLines(in Part part, in ReceivedLimits limits)
    {
        if (part.Kind is PartKind.Headers or PartKind.Trailers && part.Content.Length / 2 > limits.HeaderCount)
        {
            var reader = new ProtoReader(part.Content, limits.HeaderCount);
            while (reader.TryReadTag(out int field, out WireType type))
            {
                reader.Skip(field, type);
            }
        }
    }

    private static PartKind KindOf(int member) => member switch
    {
        2 or 3 => PartKind.Headers,
        4 or 5 => PartKind.Body,
        6 or 7 => PartKind.Trailers,
        _ => PartKind.Unknown,
    };

    /// <summary>HttpHeaders, HttpBody and HttpTrailers all have their content in field 1; the end is in 3 for headers, in 2 for bodies.</summary>
    private static bool TryDecodeMember(int member, ReadOnlySequence<byte> bytes, in ReceivedLimits limits, out ReadOnlySequence<byte> content, out bool end)
    {
        (content, end) = (default, false);
        int endField = KindOf(member) switch { PartKind.Headers => 3, PartKind.Body => 2, _ => 0 };
        bool seen = false;
        var reader = new ProtoReader(bytes, limits.HeaderCount);
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

    private static ProtocolConfig DecodeConfig(ReadOnlySequence<byte> bytes, in ReceivedLimits limits)
    {
        int request = 0, response = 0;
        bool withoutWaiting = false;
        var reader = new ProtoReader(bytes, limits.HeaderCount);
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
