using Envoy.Service.ExtProc.V3;
using ExtProc.Front.Filter;
using ExtProc.Front.Transcripts;
using Google.Protobuf.WellKnownTypes;

namespace ExtProc.Testing.Imitation;

/// <summary>Writes down what client and upstream see of a play.</summary>
/// <param name="seen">Where.</param>
/// <param name="send">Takes what is for the server.</param>
internal sealed class SeenOutput(Seen seen, Action<Direction, ProcessingRequest> send) : IFilterOutput
{
    /// <summary>How it went, where the two directions did not just run through.</summary>
    public FilterOutcome? Outcome { get; private set; }

    public void Send(Direction direction, ProcessingRequest message) => send(direction, message);

    public void Close()
    {
        // A play closes its stream when it is played out.
    }

    public void Headers(Direction direction, IReadOnlyList<KeyValuePair<string, string>> lines, bool end)
    {
        SeenMessage receiver = Of(direction);
        (receiver.Arrived, receiver.Headers, receiver.EndedCleanly) = (true, lines, end);
    }

    public void Data(Direction direction, ReadOnlyMemory<byte> bytes, bool end)
    {
        Of(direction).Write(bytes.Span);
        Of(direction).EndedCleanly = end;
    }

    public void Trailers(Direction direction, IReadOnlyList<KeyValuePair<string, string>> lines) => (Of(direction).Trailers, Of(direction).EndedCleanly) = (lines, true);

    public void Reset(Direction direction)
    {
        SeenMessage receiver = Of(direction);
        if (direction is Direction.Response || !receiver.EndedCleanly)
        {
            (receiver.WasReset, receiver.EndedCleanly) = (true, false);
        }
    }

    public void Reply(LocalReply reply)
    {
        Headers(Direction.Response, [new(":status", MessageNotation.Number(reply.Status)), .. reply.Lines], end: true);
        seen.Client.Write(reply.Body.Span);
    }

    public void StartTimer(Direction direction, TimeSpan time)
    {
        // The time of a play is the processors' own.
    }

    public void StopTimer(Direction direction)
    {
    }

    public void TimeExtended(TimeSpan time, bool isTaken) => seen.TimeExtensions++;

    public void ClearRouteCache() => seen.RouteCacheCleared = true;

    public void Metadata(Struct metadata)
    {
        foreach ((string name, Value value) in metadata.Fields)
        {
            seen.Metadata.Fields[name] = value;
        }
    }

    public void Decided(FilterOutcome outcome, string details)
    {
        Outcome = outcome;
        seen.Details = outcome is FilterOutcome.Responded ? details : "";
        seen.Outcome = outcome switch
        {
            FilterOutcome.Responded => PlayOutcome.Responded,
            FilterOutcome.Released => PlayOutcome.Passed,
            _ => PlayOutcome.Failed,
        };
    }

    public void Violated(string what) => seen.ViolationList.Add(what);

    private SeenMessage Of(Direction direction) => direction is Direction.Request ? seen.Upstream : seen.Client;
}
