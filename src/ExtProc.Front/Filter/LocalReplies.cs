using System.Globalization;
using Envoy.Service.ExtProc.V3;
using ExtProc.Protocol;
using Line = System.Collections.Generic.KeyValuePair<string, string>;

namespace ExtProc.Front.Filter;

/// <summary>Answers that the client gets without the upstream: from the server, or Envoy's own to a failure.</summary>
internal sealed class LocalReplies(FilterSettings settings, IFilterOutput output, DirectionFilter request, DirectionFilter response)
{
    private const string Grpc = "application/grpc";

    private readonly HeaderEffects _effects = new(settings.MutationRules with { AllowAllRouting = true }, settings.HeaderCount, settings.HeaderBytes, _ => { });

    /// <summary>A streamed local response has sent its headers.</summary>
    public bool HasBegun { get; private set; }

    public bool HasEnded { get; private set; }

    private bool IsGrpc => request.Lines.Any(line => line.Key == "content-type" && IsGrpcType(line.Value));

    private bool IsHead => request.Lines.Any(line => line is { Key: ":method", Value: "HEAD" });

    /// <summary>Envoy's answer to a server that failed.</summary>
    public void Fail(FilterFailure failure)
    {
        int status = failure.Status ?? settings.StatusOnError;
        Answer(status, [], System.Text.Encoding.UTF8.GetBytes(failure.Body), failure.Why, null);
    }

    public void Send(ImmediateResponse immediate)
    {
        int status = (int)(immediate.Status?.Code ?? 0);
        List<Line> lines = [];
        _effects.Apply(lines, immediate.Headers);
        Answer(status < 200 ? 200 : status, lines, immediate.Body.Memory, immediate.Details, immediate.GrpcStatus);
    }

    /// <summary>Takes a part of a streamed local response; the failure of the exchange for it, if so.</summary>
    public FilterFailure? Take(StreamedImmediateResponse part)
    {
        if (part.ResponseCase is StreamedImmediateResponse.ResponseOneofCase.None)
        {
            return Failed("invalid local response headers continue", closed: true);
        }

        if (!HasBegun && part.ResponseCase is not StreamedImmediateResponse.ResponseOneofCase.HeadersResponse)
        {
            return Failed("local response part received before its headers");
        }

        switch (part.ResponseCase)
        {
            case StreamedImmediateResponse.ResponseOneofCase.HeadersResponse:
                return Begin(part.HeadersResponse);
            case StreamedImmediateResponse.ResponseOneofCase.BodyResponse:
                HasEnded = part.BodyResponse.EndOfStream;
                output.Data(Direction.Response, part.BodyResponse.Body.Memory, part.BodyResponse.EndOfStream);
                return null;
            default:
                HasEnded = true;
                output.Trailers(Direction.Response, LinesOf(part.TrailersResponse.Headers));
                return null;
        }
    }

    private FilterFailure? Begin(HttpHeaders headers)
    {
        bool takesBody = settings.Modes.RequestBodyMode is BodySendMode.None or BodySendMode.FullDuplexStreamed;
        if (HasBegun || (!headers.EndOfStream && !takesBody && !request.IsBodyless))
        {
            return Failed("streaming local response body is only supported in NONE or FULL_DUPLEX_STREAMED modes");
        }

        Line[] lines = LinesOf(headers.Headers.Headers);
        string? status = lines.FirstOrDefault(line => line.Key == ":status").Value;
        if (status is null)
        {
            return Failed("a local response without :status", closed: true) with { Status = 502 };
        }

        if (!int.TryParse(status, CultureInfo.InvariantCulture, out int number) || number < 200)
        {
            return Failed("header_mutation_set_headers_failed", closed: true);
        }

        (HasBegun, HasEnded) = (true, headers.EndOfStream);
        output.Headers(Direction.Response, lines, headers.EndOfStream);
        return null;
    }

    private void Answer(int status, List<Line> lines, ReadOnlyMemory<byte> body, string details, GrpcStatus? grpcStatus)
    {
        if (request.IsReleased)
        {
            output.Reset(Direction.Request);
        }

        if (response.IsReleased || HasBegun)
        {
            output.Reset(Direction.Response); // a status cannot be taken back
            return;
        }

        if (IsGrpc)
        {
            output.Reply(new(200, TrailersOnly(status, lines, body, grpcStatus), default, details));
            return;
        }

        if (body.Length > 0)
        {
            if (!lines.Exists(line => line.Key == "content-type"))
            {
                lines.Insert(0, new("content-type", "text/plain"));
            }

            lines.RemoveAll(line => line.Key == "content-length");
            lines.Insert(0, new("content-length", body.Length.ToString(CultureInfo.InvariantCulture)));
        }

        output.Reply(new(status, lines, IsHead ? default : body, details));
    }

    /// <summary>A gRPC client is told in a response of headers alone, with the body as its message.</summary>
    private static List<Line> TrailersOnly(int status, List<Line> lines, ReadOnlyMemory<byte> body, GrpcStatus? grpcStatus)
    {
        lines.RemoveAll(line => line.Key == "content-type");
        lines.Add(new("content-type", Grpc));
        lines.Add(new("grpc-status", (grpcStatus?.Status ?? (uint)LocalResponseEncoder.GrpcStatusOf(status)).ToString(CultureInfo.InvariantCulture)));
        lines.Add(new("grpc-message", PercentEncoded(body.Span)));
        return lines;
    }

    /// <summary>As gRPC sends a status message: what is not printable ASCII as <c>%XX</c>.</summary>
    private static string PercentEncoded(ReadOnlySpan<byte> text)
    {
        var encoded = new System.Text.StringBuilder(text.Length);
        foreach (byte b in text)
        {
            encoded.Append(b is >= 0x20 and <= 0x7e and not (byte)'%' ? ((char)b).ToString() : $"%{b:X2}");
        }

        return encoded.ToString();
    }

    private FilterFailure Failed(string why, bool closed = false)
    {
        output.Violated(why);
        return new(why) { FailsClosed = closed };
    }

    private static Line[] LinesOf(IEnumerable<global::Envoy.Config.Core.V3.HeaderValue> headers) =>
        [.. headers.Select(header => new Line(header.Key.ToLowerInvariant(), header.RawValue.ToStringUtf8()))];

    /// <summary>As Envoy sees it: letter for letter, and without parameters.</summary>
    private static bool IsGrpcType(string contentType) => contentType == Grpc || contentType.StartsWith($"{Grpc}+", StringComparison.Ordinal);
}
