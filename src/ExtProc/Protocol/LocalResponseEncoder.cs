#pragma warning disable CS0612 // Envoy reads the old `append` and ignores `append_action`
using System.Buffers;
using System.Text;
using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using Google.Protobuf;

namespace ExtProc.Protocol;

/// <summary>A local response as Envoy's immediate response. Source: <c>envoy.service.ext_proc.v3.ImmediateResponse</c>.</summary>
internal static class LocalResponseEncoder
{
    /// <summary>
    /// What Envoy makes <c>grpc-message</c> of, in bytes; up to three times as many when it is encoded. A client's HTTP/2 takes blocks of
    /// headers of 8 KiB and more, and may close its connection over a larger one.
    /// </summary>
    private const int MostGrpcTextBytes = 2048;

    public static ProcessingResponse Immediate(LocalResponse response, ReadOnlyMemory<byte> body, bool isGrpc, string details)
    {
        var immediate = new ImmediateResponse
        {
            Status = new() { Code = (Envoy.Type.V3.StatusCode)response.Status },
            Headers = new(),
            Details = details.Length > 0 ? details : "ext_proc_local_response",
        };

        // Envoy sends a 204's body to an HTTP/2 client if it is given one.
        if (response.Status is not (204 or 304))
        {
            immediate.Body = ByteString.CopyFrom(isGrpc ? CutAtCharacter(body.Span, MostGrpcTextBytes) : body.Span);
        }

        foreach ((string name, string value) in response.Headers)
        {
            immediate.Headers.SetHeaders.Add(new HeaderValueOption
            {
                Header = new() { Key = name, RawValue = ByteString.CopyFromUtf8(value) },
                Append = IsRepeated(immediate.Headers, name),
            });
        }

        // For gRPC Envoy makes a response of its own, with the text as grpc-message.
        if (!isGrpc && response.Text.Length > 0 && response.Bytes.IsEmpty && !response.Headers.Contains("content-type"))
        {
            immediate.Headers.SetHeaders.Add(new HeaderValueOption { Header = new() { Key = "content-type", RawValue = ByteString.CopyFromUtf8("text/plain; charset=utf-8") } });
        }

        if (isGrpc)
        {
            immediate.GrpcStatus = new() { Status = (uint)(response.GrpcStatus ?? GrpcStatusOf(response.Status)) };
        }

        return new() { ImmediateResponse = immediate };
    }

    /// <summary>The headers of a streamed one. Envoy answers 502 to one without a status.</summary>
    public static ProcessingResponse StreamedHeaders(LocalResponse response)
    {
        var headers = new Envoy.Config.Core.V3.HeaderMap { Headers = { Line(":status", response.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)) } };
        headers.Headers.AddRange(response.Headers.Select(line => Line(line.Key, line.Value)));
        return new() { StreamedImmediateResponse = new() { HeadersResponse = new() { Headers = headers } } };
    }

    /// <summary>A piece of a streamed one's body.</summary>
    public static ProcessingResponse StreamedBody(ReadOnlySequence<byte> piece, bool isLast) =>
        new() { StreamedImmediateResponse = new() { BodyResponse = new() { Body = UnsafeByteOperations.UnsafeWrap(piece.IsSingleSegment ? piece.First : piece.ToArray()), EndOfStream = isLast } } };

    private static HeaderValue Line(string name, string value) => new() { Key = name, RawValue = ByteString.CopyFromUtf8(value) };

    /// <summary>The bytes of a response that has its body at hand.</summary>
    public static ReadOnlyMemory<byte> BodyOf(LocalResponse response) =>
        response.Bytes.IsEmpty ? Encoding.UTF8.GetBytes(response.Text) : response.Bytes;

    private static ReadOnlySpan<byte> CutAtCharacter(ReadOnlySpan<byte> text, int mostBytes)
    {
        if (text.Length <= mostBytes)
        {
            return text;
        }

        int end = mostBytes;
        while (end > 0 && (text[end] & 0xC0) == 0x80)
        {
            end--; // within a character: its first byte is before
        }

        return text[..end];
    }

    /// <summary>gRPC's own mapping of HTTP statuses (grpc/doc/http-grpc-status-mapping.md).</summary>
    internal static int GrpcStatusOf(int status) => status switch
    {
        400 => 13,
        401 => 16,
        403 => 7,
        404 => 12,
        429 or 502 or 503 or 504 => 14,
        _ => 2,
    };

    private static bool IsRepeated(Envoy.Service.ExtProc.V3.HeaderMutation headers, string name) =>
        headers.SetHeaders.Any(header => header.Header.Key == name);
}
