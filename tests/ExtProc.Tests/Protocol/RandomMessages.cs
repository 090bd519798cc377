using System.Buffers;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using HeaderValue = Envoy.Config.Core.V3.HeaderValue;
using WireMap = Envoy.Config.Core.V3.HeaderMap;

namespace ExtProc.Tests.Protocol;

/// <summary>Messages and bytes by chance, from a seed.</summary>
internal static class RandomMessages
{
    public static byte[] Bytes(this Random random, int mostBytes)
    {
        byte[] bytes = new byte[random.Next(mostBytes + 1)];
        random.NextBytes(bytes);
        return bytes;
    }

    public static string Text(this Random random, int mostLetters) =>
        string.Concat(Enumerable.Range(0, random.Next(mostLetters + 1)).Select(_ => "abcxyz-09é€"[random.Next(11)]));

    public static ProcessingRequest Request(this Random random)
    {
        var message = new ProcessingRequest { ObservabilityMode = random.Next(4) == 0 };
        switch (random.Next(8))
        {
            case 0: message.RequestHeaders = random.Headers(); break;
            case 1: message.ResponseHeaders = random.Headers(); break;
            case 2: message.RequestBody = random.Body(); break;
            case 3: message.ResponseBody = random.Body(); break;
            case 4: message.RequestTrailers = new() { Trailers = random.Map() }; break;
            case 5: message.ResponseTrailers = new() { Trailers = random.Map() }; break;
            case 6: message.ResponseTrailers = new(); break;
        }

        if (random.Next(3) == 0)
        {
            message.Attributes["envoy.filters.http.ext_proc"] = random.Struct();
        }

        if (random.Next(3) == 0)
        {
            message.MetadataContext = new() { FilterMetadata = { ["ns"] = random.Struct() } };
        }

        if (random.Next(3) == 0)
        {
            message.ProtocolConfig = new()
            {
                RequestBodyMode = (Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode)random.Next(7),
                ResponseBodyMode = (Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode)random.Next(7),
                SendBodyWithoutWaitingForHeaderResponse = random.Next(2) == 0,
            };
        }

        return message;
    }

    public static WireMap Map(this Random random)
    {
        var map = new WireMap();
        for (int i = random.Next(30); i > 0; i--)
        {
            var header = new HeaderValue { Key = random.Text(12) };
            header.RawValue = random.Next(4) == 0 ? ByteString.Empty : ByteString.CopyFromUtf8(random.Text(20));
            header.Value = random.Next(3) == 0 ? random.Text(8) : "";
            map.Headers.Add(header);
        }

        return map;
    }

    /// <summary>A field that no schema knows, of any wire type.</summary>
    public static byte[] UnknownField(this Random random)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            int field = random.Next(20, 5000);
            switch (random.Next(5))
            {
                case 0: output.WriteTag(field, WireFormat.WireType.Varint); output.WriteUInt64((ulong)random.NextInt64()); break;
                case 1: output.WriteTag(field, WireFormat.WireType.Fixed32); output.WriteFixed32((uint)random.Next()); break;
                case 2: output.WriteTag(field, WireFormat.WireType.Fixed64); output.WriteFixed64((ulong)random.NextInt64()); break;
                case 3: output.WriteTag(field, WireFormat.WireType.LengthDelimited); output.WriteBytes(ByteString.CopyFrom(random.Bytes(20))); break;
                default:
                    output.WriteTag(field, WireFormat.WireType.StartGroup);
                    output.WriteTag(3, WireFormat.WireType.Varint);
                    output.WriteUInt32(7);
                    output.WriteTag(field, WireFormat.WireType.EndGroup);
                    break;
            }
        }

        return stream.ToArray();
    }

    /// <summary>The same bytes in segments of any size, empty ones too.</summary>
    public static ReadOnlySequence<byte> Split(this Random random, byte[] bytes)
    {
        var first = new Segment(default, 0);
        Segment last = first;
        for (int from = 0; from < bytes.Length;)
        {
            int length = Math.Min(bytes.Length - from, random.Next(4) == 0 ? 0 : random.Next(1, 1 + Math.Max(1, bytes.Length / 3)));
            last = last.Append(bytes.AsMemory(from, length));
            from += length;
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private static HttpHeaders Headers(this Random random) => new() { Headers = random.Map(), EndOfStream = random.Next(2) == 0 };

    private static HttpBody Body(this Random random) => new() { Body = ByteString.CopyFrom(random.Bytes(300)), EndOfStream = random.Next(2) == 0 };

    private static Struct Struct(this Random random) => new() { Fields = { [random.Text(5)] = Value.ForString(random.Text(9)), ["n"] = Value.ForNumber(random.Next()) } };

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long index) => (Memory, RunningIndex) = (memory, index);

        public Segment Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Segment(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
