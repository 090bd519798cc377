using System.Buffers.Binary;
using System.IO.Compression;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using SendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;
using WireMap = Envoy.Config.Core.V3.HeaderMap;

namespace ExtProc.Attacks.Wire;

/// <summary>Messages of ext_proc, and what gRPC puts before them.</summary>
internal static class Requests
{
    /// <summary>The headers of a request, with both bodies in full duplex.</summary>
    public static ProcessingRequest RequestHeaders(bool endOfStream = false, params (string Name, string Value)[] more) => new()
    {
        ProtocolConfig = new() { RequestBodyMode = SendMode.FullDuplexStreamed, ResponseBodyMode = SendMode.FullDuplexStreamed },
        RequestHeaders = new()
        {
            Headers = MapOf([(":method", endOfStream ? "GET" : "POST"), (":path", "/"), (":authority", "a.test"), (":scheme", "http"), .. more]),
            EndOfStream = endOfStream,
        },
    };

    /// <summary>The headers of a response.</summary>
    public static ProcessingRequest ResponseHeaders(bool endOfStream = false, params (string Name, string Value)[] more) => new()
    {
        ResponseHeaders = new() { Headers = MapOf([(":status", "200"), .. more]), EndOfStream = endOfStream },
    };

    /// <summary>A piece of a request's body.</summary>
    public static ProcessingRequest RequestBody(ByteString body, bool endOfStream = false) =>
        new() { RequestBody = new() { Body = body, EndOfStream = endOfStream } };

    /// <summary>A message with its gRPC frame.</summary>
    public static byte[] Framed(this IMessage message) => Framed(message.ToByteArray());

    /// <summary>Bytes with a gRPC frame.</summary>
    public static byte[] Framed(ReadOnlySpan<byte> message, bool compressed = false) =>
        [.. Claim((uint)message.Length, compressed), .. message];

    /// <summary>A gRPC frame's first five bytes, true or not.</summary>
    public static byte[] Claim(uint length, bool compressed = false)
    {
        byte[] head = [compressed ? (byte)1 : (byte)0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(1), length);
        return head;
    }

    /// <summary>A length-delimited field of protobuf.</summary>
    public static byte[] Field(int number, ReadOnlySpan<byte> value) => [.. Varint((uint)(number << 3 | 2)), .. Varint((uint)value.Length), .. value];

    /// <summary>The same bytes many times over.</summary>
    public static byte[] Times(this ReadOnlySpan<byte> bytes, int times)
    {
        byte[] all = new byte[bytes.Length * times];
        for (int i = 0; i < times; i++)
        {
            bytes.CopyTo(all.AsSpan(i * bytes.Length));
        }

        return all;
    }

    /// <summary>Bytes as small as gzip makes them.</summary>
    public static byte[] Gzip(ReadOnlySpan<byte> bytes) => Compress(bytes, stream => new GZipStream(stream, CompressionLevel.SmallestSize));

    /// <summary>Bytes as another stream makes them.</summary>
    public static byte[] Compress(ReadOnlySpan<byte> bytes, Func<Stream, Stream> with)
    {
        using MemoryStream into = new();
        using (Stream stream = with(into))
        {
            stream.Write(bytes);
        }

        return into.ToArray();
    }

    /// <summary>Header lines, values as Envoy sends them.</summary>
    public static WireMap MapOf(IEnumerable<(string Name, string Value)> lines) =>
        new() { Headers = { lines.Select(line => new HeaderValue { Key = line.Name, RawValue = ByteString.CopyFrom(line.Value, System.Text.Encoding.Latin1) }) } };

    private static byte[] Varint(uint value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }
}
