using System.Globalization;
using Envoy.Service.ExtProc.V3;

namespace ExtProc.Front.Filter;

/// <summary>What an answer does to the direction. A method that returns a failure has failed the exchange.</summary>
internal sealed partial class DirectionFilter
{
    public FilterFailure? OnHeadersAnswer(HeadersResponse answer)
    {
        if (!AwaitsHeaders || IsOver)
        {
            return Spurious("headers");
        }

        CommonResponse common = answer.Response ?? new();
        bool replaces = common.Status is CommonResponse.Types.ResponseStatus.ContinueAndReplace;
        if (_effects.Apply(_headers, common.HeaderMutation, KeepsLength, replaces) is { } failure)
        {
            return failure;
        }

        (_headersAnswered, _bodyCameEarly) = (true, _bodyCame);
        _output.StopTimer(_direction);
        if (replaces)
        {
            Replace(common.BodyMutation);
            return null;
        }

        if (common.BodyMutation is not null)
        {
            _output.Violated($"{Name}h: a body mutation without CONTINUE_AND_REPLACE is ignored");
        }

        // What came meanwhile is one chunk; when it is all that comes, it is treated as in BUFFERED.
        _mergesHeld = Mode is BodySendMode.Streamed && !_held.IsEmpty;
        _cameWhole = _mergesHeld && HasEnded;
        _goesOnWithTrailers = WaitsForTrailers && !SendsBody;
        Advance();
        return null;
    }

    public FilterFailure? OnBodyAnswer(BodyResponse answer)
    {
        if (IsOver || AwaitsHeaders || _replaced || !SendsBody)
        {
            return Spurious("body");
        }

        CommonResponse common = answer.Response ?? new();
        return IsDuplex ? OnDuplexBody(common) : OnAnsweredBody(common);
    }

    public FilterFailure? OnTrailersAnswer(TrailersResponse answer)
    {
        if (IsDuplex && (IsOver || !_trailersSent || AwaitsHeaders) && _settings.Behavior.StrayTrailers is not StrayTrailers.Fail)
        {
            OnStrayTrailers();
            return null;
        }

        if (IsOver || !_trailersSent || AwaitsHeaders)
        {
            return Spurious("trailers");
        }

        if (_effects.Apply(_trailers, answer.HeaderMutation) is { } failure)
        {
            return failure;
        }

        EndWithTrailers();
        return null;
    }

    /// <summary>Trailers have come that are still to be answered: what was not let go before goes on with them.</summary>
    private bool WaitsForTrailers => _trailersCame && !IsDuplex && !IsObserved && Modes.SendsTrailers(_direction);

    /// <summary>Extends the time for an answer, once; not when none is awaited, or by more than is allowed.</summary>
    public bool ExtendTime(TimeSpan time)
    {
        if (!AwaitsAnswer || IsDuplex || _timeWasExtended || time < TimeSpan.FromMilliseconds(1) || time > _settings.MaxMessageTimeout)
        {
            return false;
        }

        _timeWasExtended = true;
        _output.StartTimer(_direction, time);
        return true;
    }

    private void OnStrayTrailers()
    {
        _output.Violated($"{Name}t although no trailers were sent to be answered");
        if (IsOver)
        {
            return;
        }

        if (_ended && IsReleased && _settings.Behavior.EndsOnInventedTrailers)
        {
            End();
        }
        else if (!(_ended && IsReleased) && _settings.Behavior.StrayTrailers is StrayTrailers.Release)
        {
            PassRest();
        }
    }

    private FilterFailure? OnDuplexBody(CommonResponse common)
    {
        if (common.BodyMutation?.MutationCase is not BodyMutation.MutationOneofCase.StreamedResponse)
        {
            return Spurious("body without streamed_response");
        }

        if (common.HeaderMutation is not null)
        {
            _output.Violated($"{Name}b: a header mutation is ignored in {ModeNames.Of(Mode)}");
        }

        _bodyAnswered = true;
        ReleaseHeaders(false);
        StreamedBodyResponse streamed = common.BodyMutation.StreamedResponse;
        Pass(streamed.Body.Memory);
        if (streamed.EndOfStream)
        {
            EndDuplex();
        }

        return null;
    }

    private void EndDuplex()
    {
        if (HasEnded && !_trailersCame)
        {
            End();
            return;
        }

        _output.Violated($"{Name}b(e) although the peer has not ended its body without trailers");
        if (!_trailersSent)
        {
            End(); // with trailers to be answered, Envoy waits for that
        }
    }

    private FilterFailure? OnAnsweredBody(CommonResponse common)
    {
        if (!_unanswered.TryDequeue(out ReadOnlyMemory<byte> original))
        {
            return Spurious("body");
        }

        _unansweredBytes -= original.Length;
        BodyMutation? mutation = common.BodyMutation;
        if (mutation?.MutationCase is BodyMutation.MutationOneofCase.StreamedResponse && Mode is BodySendMode.Streamed && !_cameWhole)
        {
            return Spurious("streamed_response");
        }

        if (HoldsHeaders)
        {
            if (_effects.Apply(_headers, common.HeaderMutation, KeepsLength) is { } failure)
            {
                return failure;
            }
        }
        else if (common.HeaderMutation is not null)
        {
            _output.Violated($"{Name}b: a header mutation is ignored in {ModeNames.Of(Mode)}");
        }

        return LengthMismatch(mutation) ?? PassAnswered(mutation, original);
    }

    private FilterFailure? PassAnswered(BodyMutation? mutation, ReadOnlyMemory<byte> original)
    {
        if (mutation?.MutationCase is BodyMutation.MutationOneofCase.StreamedResponse)
        {
            _output.Violated($"{Name}b: streamed_response is ignored in {ModeNames.Of(Mode)}");
            mutation = null;
        }

        _output.StopTimer(_direction);
        _goesOnWithTrailers |= !IsReleased && WaitsForTrailers;
        _bodyAnswered = true;
        ReleaseHeaders(false);
        Pass(BytesOf(mutation, original));
        Advance();
        return null;
    }

    private static ReadOnlyMemory<byte> BytesOf(BodyMutation? mutation, ReadOnlyMemory<byte> original) => mutation?.MutationCase switch
    {
        BodyMutation.MutationOneofCase.Body => mutation.Body.Memory,
        null or BodyMutation.MutationOneofCase.None => original,
        _ => default,
    };

    private FilterFailure? LengthMismatch(BodyMutation? mutation)
    {
        string? declared = _headers.Find(line => line.Key == "content-length").Value;
        int length = mutation?.MutationCase is BodyMutation.MutationOneofCase.Body ? mutation.Body.Length : 0;
        if (mutation is null || Mode is not BodySendMode.Buffered || !KeepsLength || declared is null || declared == length.ToString(CultureInfo.InvariantCulture))
        {
            return null;
        }

        _output.Violated($"mismatch between content length {declared} and the length {length} of the mutated {Name} body");
        return new("mismatch_between_content_length_and_the_length_of_the_mutated_body") { FailsClosed = true };
    }

    private void Replace(BodyMutation? mutation)
    {
        if (mutation is null)
        {
            PassRest();
            return;
        }

        if (mutation.MutationCase is BodyMutation.MutationOneofCase.StreamedResponse)
        {
            _output.Violated($"{Name}h: CONTINUE_AND_REPLACE with streamed_response makes the body empty");
        }

        _headers.RemoveAll(line => line.Key == "content-length");
        _replaced = true;
        _held.Clear();
        ReleaseHeaders(false);
        Pass(BytesOf(mutation, default));
        Advance();
    }

    private FilterFailure Spurious(string what)
    {
        _output.Violated($"spurious {Name} {what} answer");
        return new("spurious_message");
    }
}
