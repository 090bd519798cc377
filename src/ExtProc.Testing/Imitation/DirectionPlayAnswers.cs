using Envoy.Service.ExtProc.V3;
using ExtProc.Testing.Transcripts;

namespace ExtProc.Testing.Imitation;

/// <summary>What an answer does to the direction. A method that returns text has failed the exchange, and says why.</summary>
internal sealed partial class DirectionPlay
{
    public string? OnHeaders(HeadersResponse answer)
    {
        if (!AwaitsHeaders || IsOver)
        {
            return Spurious("headers");
        }

        _headersAnswered = true;
        CommonResponse common = answer.Response ?? new();
        if (!_effects.Apply(_headers, common.HeaderMutation, KeepsLength))
        {
            return "header mutation refused";
        }

        if (common.Status is CommonResponse.Types.ResponseStatus.ContinueAndReplace)
        {
            Replace(common.BodyMutation);
            return null;
        }

        if (common.BodyMutation is not null)
        {
            violation($"{Name}h: a body mutation without CONTINUE_AND_REPLACE is ignored");
        }

        ReleaseHeadersUnlessHeld();
        EndIfAnswered();
        return null;
    }

    public string? OnBody(BodyResponse answer)
    {
        CommonResponse common = answer.Response ?? new();
        if (IsOver || AwaitsHeaders || Mode is BodySendMode.None or BodySendMode.Grpc)
        {
            return Spurious("body");
        }

        return IsDuplex ? OnDuplexBody(common) : OnAnsweredBody(common);
    }

    public string? OnTrailers(TrailersResponse answer)
    {
        if (IsOver || !_trailersSent || AwaitsHeaders)
        {
            return Spurious("trailers");
        }

        if (!_effects.Apply(_trailers, answer.HeaderMutation))
        {
            return "trailers mutation refused";
        }

        EndWithTrailers();
        return null;
    }

    private string? OnDuplexBody(CommonResponse common)
    {
        if (common.BodyMutation?.MutationCase is not BodyMutation.MutationOneofCase.StreamedResponse)
        {
            return Spurious("body without streamed_response");
        }

        if (common.HeaderMutation is not null)
        {
            violation($"{Name}b: a header mutation is ignored in {ModeNames.Of(Mode)}");
        }

        StreamedBodyResponse streamed = common.BodyMutation.StreamedResponse;
        peer.Write(streamed.Body.Span);
        if (!streamed.EndOfStream)
        {
            return null;
        }

        if (traffic.HasTrailers || !BodyIsTaken || traffic.Unfinished)
        {
            violation($"{Name}b(e) although the peer has not ended its body without trailers");
        }

        End();
        return null;
    }

    private string? OnAnsweredBody(CommonResponse common)
    {
        if (!_unanswered.TryDequeue(out ReadOnlyMemory<byte> original))
        {
            return Spurious("body");
        }

        BodyMutation? mutation = common.BodyMutation;
        if (mutation?.MutationCase is BodyMutation.MutationOneofCase.StreamedResponse)
        {
            if (Mode is BodySendMode.Streamed && !CameWhole)
            {
                return Spurious("streamed_response");
            }

            violation($"{Name}b: streamed_response is ignored in {ModeNames.Of(Mode)}");
            mutation = null;
        }

        if (HoldsHeaders && !peer.Arrived)
        {
            if (!_effects.Apply(_headers, common.HeaderMutation, KeepsLength))
            {
                return "header mutation refused";
            }
        }
        else if (common.HeaderMutation is not null)
        {
            violation($"{Name}b: a header mutation is ignored in {ModeNames.Of(Mode)}");
        }

        ReadOnlyMemory<byte> bytes = BytesOf(mutation, original);
        if (mutation is not null && Mode is BodySendMode.Buffered && KeepsLength && LengthMismatch(bytes.Length) is { } mismatch)
        {
            return mismatch;
        }

        ReleaseHeaders();
        peer.Write(bytes.Span);
        peer.Write(_unseen.Span);
        _unseen = default;
        EndIfAnswered();
        return null;
    }

    private static ReadOnlyMemory<byte> BytesOf(BodyMutation? mutation, ReadOnlyMemory<byte> original) => mutation?.MutationCase switch
    {
        BodyMutation.MutationOneofCase.Body => mutation.Body.Memory,
        null or BodyMutation.MutationOneofCase.None => original,
        _ => default,
    };

    private string? LengthMismatch(int length)
    {
        string? declared = _headers.Find(line => line.Key == "content-length").Value;
        if (declared is null || declared == Notation.Number(length))
        {
            return null;
        }

        violation($"mismatch between content length {declared} and the length {length} of the mutated {Name} body");
        return "content-length mismatch";
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
            violation($"{Name}h: CONTINUE_AND_REPLACE with streamed_response makes the body empty");
        }

        _headers.RemoveAll(line => line.Key == "content-length");
        ReleaseHeaders();
        peer.Write(BytesOf(mutation, default).Span);
        EndWithTrailers();
    }

    private string Spurious(string what)
    {
        string text = $"spurious {Name} {what} answer";
        violation(text);
        return text;
    }
}
