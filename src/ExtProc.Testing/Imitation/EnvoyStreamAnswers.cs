using Envoy.Service.ExtProc.V3;
using ExtProc.Testing.Transcripts;

namespace ExtProc.Testing.Imitation;

/// <summary>What comes back on the stream. A method that returns text has failed the exchange, and says why.</summary>
internal sealed partial class EnvoyStream
{
    private bool TakeAnswers()
    {
        bool took = false;
        while (!_decided && _stream.TryRead(out byte[] bytes))
        {
            took = true;
            ProcessingResponse answer = ProcessingResponse.Parser.ParseFrom(bytes);
            _lines.Add($"< {Notation.Of(answer)}");
            if (_settings.Envoy.ObservabilityMode)
            {
                Violate("an answer in observability mode, where Envoy takes none");
            }
            else if (Obey(answer) is { } failure)
            {
                Fail(failure);
            }
        }

        return took;
    }

    private string? Obey(ProcessingResponse answer)
    {
        foreach ((string name, var value) in answer.DynamicMetadata?.Fields ?? [])
        {
            _seen.Metadata.Fields[name] = value;
        }

        if (answer.OverrideMessageTimeout is not null)
        {
            _seen.TimeExtensions++;
            return answer.ResponseCase is ProcessingResponse.ResponseOneofCase.None ? null : Violated("override_message_timeout makes Envoy drop the rest of its message");
        }

        if (answer.ModeOverride is { } modes)
        {
            if (answer.ResponseCase is ProcessingResponse.ResponseOneofCase.None)
            {
                return ModeOverrides.ObeyDirect(modes, _settings, _request, _response) ? null : "unhandled message";
            }

            ModeOverrides.Obey(modes, _settings, _request, _response);
        }

        return answer.ResponseCase switch
        {
            ProcessingResponse.ResponseOneofCase.RequestHeaders => To(Direction.Request, to => to.OnHeaders(answer.RequestHeaders)) ?? RouteCache(answer.RequestHeaders.Response),
            ProcessingResponse.ResponseOneofCase.ResponseHeaders => To(Direction.Response, to => to.OnHeaders(answer.ResponseHeaders)),
            ProcessingResponse.ResponseOneofCase.RequestBody => To(Direction.Request, to => to.OnBody(answer.RequestBody)) ?? RouteCache(answer.RequestBody.Response),
            ProcessingResponse.ResponseOneofCase.ResponseBody => To(Direction.Response, to => to.OnBody(answer.ResponseBody)),
            ProcessingResponse.ResponseOneofCase.RequestTrailers => To(Direction.Request, to => to.OnTrailers(answer.RequestTrailers)),
            ProcessingResponse.ResponseOneofCase.ResponseTrailers => To(Direction.Response, to => to.OnTrailers(answer.ResponseTrailers)),
            ProcessingResponse.ResponseOneofCase.ImmediateResponse => Respond(answer.ImmediateResponse),
            ProcessingResponse.ResponseOneofCase.StreamedImmediateResponse => RespondStreamed(answer.StreamedImmediateResponse),
            _ => Violated("unhandled message: it has no known response member"),
        };
    }

    private string? To(Direction direction, Func<DirectionPlay, string?> answer) => Of(direction) is { } to && !_local.HasBegun
        ? answer(to)
        : Violated($"spurious {direction} answer");

    private string? RouteCache(CommonResponse? common)
    {
        if (common is { ClearRouteCache: true })
        {
            _seen.RouteCacheCleared |= common.HeaderMutation is not null;
            if (common.HeaderMutation is null)
            {
                Violate("clear_route_cache without a header mutation is ignored");
            }
        }

        return null;
    }

    private string? Respond(ImmediateResponse response)
    {
        if (_settings.Envoy.DisableImmediateResponse)
        {
            return Violated("immediate responses are disabled");
        }

        _local.Send(response);
        (_decided, _seen.Outcome) = (true, PlayOutcome.Responded);
        return null;
    }

    private string? RespondStreamed(StreamedImmediateResponse part)
    {
        if (!_local.HasBegun && _request?.AwaitsHeaders is not true)
        {
            return Violated("spurious streamed_immediate_response: request headers are not awaited");
        }

        string? failure = _local.Take(part);
        if (_local.HasEnded)
        {
            (_decided, _seen.Outcome) = (true, PlayOutcome.Responded);
        }

        return failure is null ? null : Violated(failure);
    }

    private string Violated(string text)
    {
        Violate(text);
        return text;
    }
}
