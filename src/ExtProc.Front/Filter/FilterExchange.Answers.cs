using Envoy.Service.ExtProc.V3;
using ExtProc.Configuration;
using Wire = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode;

namespace ExtProc.Front.Filter;

/// <summary>What a message of the server does to the exchange. A method that returns a failure has failed it.</summary>
internal sealed partial class FilterExchange
{
    private FilterFailure? Obey(ProcessingResponse answer)
    {
        if (answer.DynamicMetadata is { Fields.Count: > 0 } metadata)
        {
            _output.Metadata(metadata);
        }

        if (answer.OverrideMessageTimeout is { } time)
        {
            ExtendTime(time.ToTimeSpan(), isAlone: answer.ResponseCase is ProcessingResponse.ResponseOneofCase.None);
            return null;
        }

        if (answer.ModeOverride is { } modes && !TakeModes(modes, isDirect: answer.ResponseCase is ProcessingResponse.ResponseOneofCase.None))
        {
            return new("unhandled_message");
        }

        return Dispatch(answer);
    }

    private FilterFailure? Dispatch(ProcessingResponse answer) => answer.ResponseCase switch
    {
        ProcessingResponse.ResponseOneofCase.RequestHeaders => To(Direction.Request, to => to.OnHeadersAnswer(answer.RequestHeaders), answer.RequestHeaders.Response),
        ProcessingResponse.ResponseOneofCase.ResponseHeaders => To(Direction.Response, to => to.OnHeadersAnswer(answer.ResponseHeaders)),
        ProcessingResponse.ResponseOneofCase.RequestBody => To(Direction.Request, to => to.OnBodyAnswer(answer.RequestBody), answer.RequestBody.Response),
        ProcessingResponse.ResponseOneofCase.ResponseBody => To(Direction.Response, to => to.OnBodyAnswer(answer.ResponseBody)),
        ProcessingResponse.ResponseOneofCase.RequestTrailers => To(Direction.Request, to => to.OnTrailersAnswer(answer.RequestTrailers)),
        ProcessingResponse.ResponseOneofCase.ResponseTrailers => To(Direction.Response, to => to.OnTrailersAnswer(answer.ResponseTrailers)),
        ProcessingResponse.ResponseOneofCase.ImmediateResponse => Respond(answer.ImmediateResponse),
        ProcessingResponse.ResponseOneofCase.StreamedImmediateResponse => RespondStreamed(answer.StreamedImmediateResponse),
        _ when answer.ModeOverride is not null => null,
        _ => Violated("unhandled message: it has no known response member"),
    };

    private FilterFailure? To(Direction direction, Func<DirectionFilter, FilterFailure?> answer, CommonResponse? clears = null)
    {
        if (_local.HasBegun)
        {
            return Violated($"spurious {direction} answer");
        }

        // The route is chosen again before the headers go on.
        ClearRouteCache(clears);
        return answer(Of(direction));
    }

    private void ExtendTime(TimeSpan time, bool isAlone)
    {
        bool isTaken = Request.ExtendTime(time) || Response.ExtendTime(time);
        if (!isAlone)
        {
            _output.Violated("override_message_timeout makes Envoy drop the rest of its message");
        }

        _output.TimeExtended(time, isTaken);
    }

    private bool TakeModes(Wire asked, bool isDirect)
    {
        ProcessingMode? modes = isDirect ? ModeOverrides.Direct(asked, _settings, Request, Response) : ModeOverrides.Riding(asked, _settings, Request, Response);
        if (modes is null)
        {
            return !isDirect;
        }

        Request.Modes = Response.Modes = modes;
        if (isDirect)
        {
            Request.OnModesChanged();
        }

        return true;
    }

    private void ClearRouteCache(CommonResponse? common)
    {
        if (common is null || Request.IsReleased)
        {
            return;
        }

        if (common is { ClearRouteCache: true, HeaderMutation: null })
        {
            _output.Violated("clear_route_cache without a header mutation is ignored");
        }

        if (common.HeaderMutation is not null && (_settings.RouteCacheAction is RouteCacheAction.Clear
            || (common.ClearRouteCache && _settings.RouteCacheAction is RouteCacheAction.Default)))
        {
            _output.ClearRouteCache();
        }
    }

    private FilterFailure? Respond(ImmediateResponse immediate)
    {
        if (_settings.DisableImmediateResponse)
        {
            return Violated("immediate responses are disabled");
        }

        Answer(() => _local.Send(immediate), FilterOutcome.Responded, immediate.Details);
        return null;
    }

    private FilterFailure? RespondStreamed(StreamedImmediateResponse part)
    {
        if (!_settings.Behavior.TakesStreamedImmediateResponse)
        {
            return Violated("unhandled message: Envoy takes streamed_immediate_response since 1.37");
        }

        if (!_local.HasBegun && !Request.AwaitsHeaders)
        {
            return Violated("spurious streamed_immediate_response: request headers are not awaited");
        }

        FilterFailure? failure = _local.Take(part);
        if (_local.HasBegun && Request.Modes.RequestBodyMode is BodySendMode.None)
        {
            Request.Drop(); // nobody is to have it
        }

        if (_local.HasEnded && failure is null)
        {
            Answer(() => { }, FilterOutcome.Responded, "");
        }

        return failure;
    }

    private FilterFailure Violated(string what)
    {
        _output.Violated(what);
        return new(what);
    }
}
