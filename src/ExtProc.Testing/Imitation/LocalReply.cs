using System.Globalization;
using Envoy.Service.ExtProc.V3;

namespace ExtProc.Testing.Imitation;

/// <summary>Answers that the client gets without the upstream: from the server, or Envoy's own 500.</summary>
internal sealed class LocalReply(PlaySettings settings, Seen seen)
{
    private readonly HeaderEffects _effects = new(settings.Envoy.MutationRules with { AllowAllRouting = true }, settings.Limits, _ => { });

    /// <summary>A streamed local response has sent its headers.</summary>
    public bool HasBegun { get; private set; }

    public bool HasEnded { get; private set; }

    /// <summary>Envoy's answer to a server that failed.</summary>
    public void Fail() => Answer(500, [], default);

    public void Send(ImmediateResponse response)
    {
        seen.Details = response.Details;
        int status = (int)(response.Status?.Code ?? 0);
        List<KeyValuePair<string, string>> lines = [];
        _effects.Apply(lines, response.Headers);
        bool isGrpc = settings.Request?.Headers.Any(line => line.Key == "content-type" && IsGrpc(line.Value)) is true;
        if (isGrpc)
        {
            lines.RemoveAll(line => line.Key == "content-type");
            lines.Add(new("content-type", "application/grpc"));
            lines.Add(new("grpc-status", (response.GrpcStatus?.Status ?? 2).ToString(CultureInfo.InvariantCulture)));
            lines.Add(new("grpc-message", response.Body.ToStringUtf8()));
        }

        Answer(isGrpc || status < 200 ? 200 : status, lines, isGrpc ? default : response.Body.Memory);
    }

    /// <summary>Takes a part of a streamed local response; text when Envoy fails the exchange for it.</summary>
    public string? Take(StreamedImmediateResponse part)
    {
        if (!HasBegun && part.ResponseCase is not StreamedImmediateResponse.ResponseOneofCase.HeadersResponse)
        {
            return "local response part received before its headers";
        }

        switch (part.ResponseCase)
        {
            case StreamedImmediateResponse.ResponseOneofCase.HeadersResponse:
                return Begin(part.HeadersResponse);
            case StreamedImmediateResponse.ResponseOneofCase.BodyResponse:
                seen.Client.Write(part.BodyResponse.Body.Span);
                EndIf(part.BodyResponse.EndOfStream);
                return null;
            default:
                seen.Client.Trailers = [.. part.TrailersResponse.Headers.Select(header => KeyValuePair.Create(header.Key, header.RawValue.ToStringUtf8()))];
                EndIf(true);
                return null;
        }
    }

    private string? Begin(HttpHeaders headers)
    {
        bool takesBody = settings.Modes.RequestBodyMode is BodySendMode.None or BodySendMode.FullDuplexStreamed;
        if (HasBegun || (!headers.EndOfStream && !takesBody && settings.Request is { IsBodyless: false }))
        {
            return "streaming local response body is only supported in NONE or FULL_DUPLEX_STREAMED modes";
        }

        HasBegun = true;
        seen.Client.Arrived = true;
        seen.Client.Headers = [.. headers.Headers.Headers.Select(header => KeyValuePair.Create(header.Key, header.RawValue.ToStringUtf8()))];
        EndIf(headers.EndOfStream);
        return seen.Client.Status is null ? "a local response without :status" : null;
    }

    private void EndIf(bool end)
    {
        if (end)
        {
            HasEnded = seen.Client.EndedCleanly = true;
        }
    }

    private void Answer(int status, List<KeyValuePair<string, string>> lines, ReadOnlyMemory<byte> body)
    {
        if (seen.Upstream is { Arrived: true, EndedCleanly: false })
        {
            seen.Upstream.WasReset = true;
        }

        if (seen.Client.Arrived)
        {
            // A status cannot be taken back.
            (seen.Client.WasReset, seen.Client.EndedCleanly) = (true, false);
            return;
        }

        seen.Client.Arrived = seen.Client.EndedCleanly = true;
        seen.Client.Headers = [new(":status", status.ToString(CultureInfo.InvariantCulture)), .. lines];
        seen.Client.Write(body.Span);
    }

    /// <summary>As Envoy sees it: letter for letter, and without parameters.</summary>
    private static bool IsGrpc(string contentType) => contentType == "application/grpc" || contentType.StartsWith("application/grpc+", StringComparison.Ordinal);
}
