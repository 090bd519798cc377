using System.Buffers.Binary;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;
using Filter = Envoy.Extensions.Filters.Http.ExtProc.V3;

namespace ExtProc.Benchmarks.InProcess;

/// <summary>What Envoy sends, as it lies on the wire: protobuf behind gRPC's five bytes.</summary>
internal static class Messages
{
    public static byte[] RequestHeaders(bool hasBody) => Framed(new ProcessingRequest
    {
        RequestHeaders = new() { Headers = Lines((":method", "POST"), (":path", "/orders"), (":authority", "shop"), (":scheme", "https"), ("x-request-id", "7"), ("content-type", "text/plain")), EndOfStream = !hasBody },
        ProtocolConfig = new()
        {
            RequestBodyMode = Filter.ProcessingMode.Types.BodySendMode.FullDuplexStreamed,
            ResponseBodyMode = Filter.ProcessingMode.Types.BodySendMode.FullDuplexStreamed,
        },
    });

    public static byte[] ResponseHeaders() => Framed(new ProcessingRequest
    {
        ResponseHeaders = new() { Headers = Lines((":status", "200"), ("content-type", "text/plain")), EndOfStream = true },
    });

    public static byte[] RequestBody(int bytes, bool endOfStream) => Framed(new ProcessingRequest
    {
        RequestBody = new() { Body = ByteString.CopyFrom(Text(bytes)), EndOfStream = endOfStream },
    });

    /// <summary>A message without gRPC's prefix.</summary>
    public static byte[] Unframed(byte[] framed) => framed[5..];

    private static byte[] Text(int bytes)
    {
        byte[] text = new byte[bytes];
        text.AsSpan().Fill((byte)'.');
        if (bytes > 0)
        {
            "secret"u8.CopyTo(text.AsSpan(bytes / 2));
        }

        return text;
    }

    private static Envoy.Config.Core.V3.HeaderMap Lines(params (string Name, string Value)[] lines)
    {
        var map = new Envoy.Config.Core.V3.HeaderMap();
        map.Headers.AddRange(lines.Select(line => new HeaderValue { Key = line.Name, RawValue = ByteString.CopyFromUtf8(line.Value) }));
        return map;
    }

    private static byte[] Framed(ProcessingRequest message)
    {
        byte[] framed = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), framed.Length - 5);
        message.WriteTo(framed.AsSpan(5));
        return framed;
    }
}
