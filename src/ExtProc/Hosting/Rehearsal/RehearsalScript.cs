using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using ExtProc.Configuration;
using Google.Protobuf;
using ApiMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;

namespace ExtProc.Hosting.Rehearsal;

/// <summary>One exchange of a rehearsal, as Envoy would play it.</summary>
/// <param name="Messages">What is sent, in order.</param>
/// <param name="IsAnswered">Whether each message has an answer before the next is sent.</param>
/// <param name="EndsByReset">Whether it ends by a reset after the first message, as Envoy ends what it wants to see no more of.</param>
internal sealed record RehearsalExchange(IReadOnlyList<ProcessingRequest> Messages, bool IsAnswered, bool EndsByReset = false);

/// <summary>
/// The exchanges of a rehearsal: with bodies and without, in the modes that are declared, or in those that Envoy can have where none
/// are. The bodies are JSON or server-sent events that say nothing, under names that lead nowhere.
/// </summary>
internal sealed class RehearsalScript(EnvoyDeclaration envoy)
{
    private static readonly BodySendMode[] Modes = [BodySendMode.None, BodySendMode.Streamed, BodySendMode.Buffered, BodySendMode.FullDuplexStreamed];

    /// <summary>All of them.</summary>
    public static IEnumerable<RehearsalExchange> Of(EnvoyDeclaration envoy)
    {
        RehearsalScript script = new(envoy);
        ProcessingMode[] modes = envoy.ProcessingMode is { } declared ? [declared] : [.. Modes.Select(ModeOf)];
        return
        [
            .. modes.Select(mode => script.Exchange(mode, hasBodies: true)),
            script.Exchange(modes[0], hasBodies: false),

            // An observer is sent no answer, so that nobody would know when it has seen what it is to see.
            .. envoy.ObservabilityMode ? [] : new[] { script.Exchange(modes[0], hasBodies: false) with { EndsByReset = true } },
        ];
    }

    private static ProcessingMode ModeOf(BodySendMode mode)
    {
        HeaderSendMode trailers = mode is BodySendMode.FullDuplexStreamed ? HeaderSendMode.Send : HeaderSendMode.Default;
        return new() { RequestBodyMode = mode, ResponseBodyMode = mode, RequestTrailerMode = trailers, ResponseTrailerMode = trailers };
    }

    private RehearsalExchange Exchange(ProcessingMode mode, bool hasBodies)
    {
        List<ProcessingRequest> messages = [.. Messages(Direction.Request, mode, hasBodies), .. Messages(Direction.Response, mode, hasBodies)];
        if (messages is [var first, ..])
        {
            first.ProtocolConfig = new() { RequestBodyMode = (ApiMode)mode.RequestBodyMode, ResponseBodyMode = (ApiMode)mode.ResponseBodyMode };
        }

        bool isDuplex = mode.RequestBodyMode is BodySendMode.FullDuplexStreamed || mode.ResponseBodyMode is BodySendMode.FullDuplexStreamed;
        return new(messages, IsAnswered: !(isDuplex && hasBodies) && !envoy.ObservabilityMode);
    }

    private IEnumerable<ProcessingRequest> Messages(Direction direction, ProcessingMode mode, bool hasBody)
    {
        BodySendMode bodyMode = mode.BodyMode(direction);
        bool isDuplex = bodyMode is BodySendMode.FullDuplexStreamed;
        bool hasTrailers = hasBody && mode.SendsTrailers(direction);
        if (mode.SendsHeaders(direction))
        {
            yield return Headers(direction, new HttpHeaders { Headers = MapOf(Lines(direction, hasBody, isDuplex)), EndOfStream = !hasBody });
        }

        if (hasBody && bodyMode is not (BodySendMode.None or BodySendMode.Grpc))
        {
            string[] chunks = isDuplex ? ["data: {", "}\n\n"] : bodyMode is BodySendMode.Streamed ? ["{", "}"] : ["{}"];
            for (int at = 0; at < chunks.Length; at++)
            {
                yield return Body(direction, new HttpBody { Body = ByteString.CopyFromUtf8(chunks[at]), EndOfStream = at == chunks.Length - 1 && !hasTrailers });
            }
        }

        if (hasTrailers)
        {
            yield return Trailers(direction, new HttpTrailers { Trailers = MapOf([("x-rehearsal", "yes")]) });
        }
    }

    private static List<(string Name, string Value)> Lines(Direction direction, bool hasBody, bool isDuplex)
    {
        List<(string, string)> lines = direction is Direction.Request
            ? [(":method", hasBody ? "POST" : "GET"), (":path", "/"), (":scheme", "http"), (":authority", "rehearsal.invalid"), ("x-request-id", "rehearsal")]
            : [(":status", "200")];
        if (hasBody)
        {
            lines.Add(("content-type", isDuplex ? "text/event-stream" : "application/json"));
        }

        if (hasBody && !isDuplex)
        {
            lines.Add(("content-length", "2"));
        }

        return lines;
    }

    private static Envoy.Config.Core.V3.HeaderMap MapOf(IEnumerable<(string Name, string Value)> lines) =>
        new() { Headers = { lines.Select(line => new HeaderValue { Key = line.Name, RawValue = ByteString.CopyFromUtf8(line.Value) }) } };

    private ProcessingRequest Headers(Direction direction, HttpHeaders headers) =>
        Furnished(direction is Direction.Request ? new() { RequestHeaders = headers } : new() { ResponseHeaders = headers });

    private ProcessingRequest Body(Direction direction, HttpBody body) =>
        Furnished(direction is Direction.Request ? new() { RequestBody = body } : new() { ResponseBody = body });

    private ProcessingRequest Trailers(Direction direction, HttpTrailers trailers) =>
        Furnished(direction is Direction.Request ? new() { RequestTrailers = trailers } : new() { ResponseTrailers = trailers });

    private ProcessingRequest Furnished(ProcessingRequest message)
    {
        message.ObservabilityMode = envoy.ObservabilityMode;
        message.MetadataContext = new();
        return message;
    }
}
