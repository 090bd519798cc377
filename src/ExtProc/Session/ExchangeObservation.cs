using System.Buffers;
using ExtProc.Memory;
using ExtProc.Protocol;
using ExtProc.Telemetry;

namespace ExtProc.Session;

/// <summary>
/// What a log line wants to know of an exchange and nobody else does. Made only when lines are written. It is kept for as long as the exchange
/// lasts, in no budget, so no more is kept of a value than the line shows.
/// </summary>
internal sealed class ExchangeObservation(TimeProvider time, MemoryAccount memory)
{
    // A letter has four bytes at most.
    private const int MostBytes = 4 * (ExchangeLog.LongestText + 1);

    private readonly long[] _began = new long[6];
    private readonly TimeSpan[] _took = new TimeSpan[6];

    public string? Id { get; private set; }

    public string? Method { get; private set; }

    public string? Path { get; private set; }

    public int? Status { get; private set; }

    public void Arrived(in Part part)
    {
        ref long began = ref _began[(int)PhaseOf(part.Direction, part.Kind)];
        began = began == 0 ? time.GetTimestamp() : began;
        if (part.Kind is PartKind.Headers)
        {
            Read(part);
        }
    }

    public void Answered(Direction direction, PartKind kind)
    {
        int phase = (int)PhaseOf(direction, kind);
        _took[phase] = time.GetElapsedTime(_began[phase]);
    }

    public ExchangeSummary Summarize(ExchangeSession session, Completion completion) => new()
    {
        Id = Id,
        Method = Method,
        Path = Path,
        Status = session.LocalResponse?.Status ?? Status,
        RequestBytes = (session.Request.BytesIn, session.Request.BytesOut),
        ResponseBytes = (session.Response.BytesIn, session.Response.BytesOut),
        Times = Times(),
        Changes = ChangesOf(session),
        Notes = session.Run?.Exchange.Notes ?? [],
        Completion = completion,
    };

    private PhaseTimes Times()
    {
        PhaseTimes times = default;
        for (int phase = 0; phase < _took.Length; phase++)
        {
            times[phase] = _took[phase];
        }

        return times;
    }

    private void Read(in Part part)
    {
        byte[] copy = memory.Rent((int)part.Content.Length);
        part.Content.CopyTo(copy);
        Read(part.Direction, new HeaderLines(new ArraySegment<byte>(copy, 0, (int)part.Content.Length)));
        memory.GiveBack(copy);
    }

    private void Read(Direction direction, HeaderLines lines)
    {
        if (direction is Direction.Request)
        {
            (Method, Path, Id) = (Find(ref lines, ":method"u8), Find(ref lines, ":path"u8), Find(ref lines, "x-request-id"u8));
        }
        else
        {
            Status = int.TryParse(Find(ref lines, ":status"u8), out int status) ? status : null;
        }
    }

    private static string? Find(ref HeaderLines lines, ReadOnlySpan<byte> name) =>
        lines.TryGet(name, out ReadOnlySpan<byte> value) ? System.Text.Encoding.UTF8.GetString(value[..Math.Min(value.Length, MostBytes)]) : null;

    private static ExchangeChanges ChangesOf(ExchangeSession session)
    {
        ExchangeChanges changes = session.LocalResponse is null ? ExchangeChanges.None : ExchangeChanges.Answer;
        changes |= session.Request.ChangedBody ? ExchangeChanges.RequestBody : ExchangeChanges.None;
        changes |= session.Response.ChangedBody ? ExchangeChanges.ResponseBody : ExchangeChanges.None;
        changes |= session.AskedForModes ? ExchangeChanges.Mode : ExchangeChanges.None;
        if (session.Run?.Exchange is not { } exchange)
        {
            return changes;
        }

        changes |= exchange.RequestHeaders.ChangeCount > 0 ? ExchangeChanges.RequestHeaders : ExchangeChanges.None;
        changes |= exchange.RequestTrailers.ChangeCount > 0 ? ExchangeChanges.RequestTrailers : ExchangeChanges.None;
        changes |= exchange.ResponseHeaders.ChangeCount > 0 ? ExchangeChanges.ResponseHeaders : ExchangeChanges.None;
        changes |= exchange.ResponseTrailers.ChangeCount > 0 ? ExchangeChanges.ResponseTrailers : ExchangeChanges.None;
        changes |= exchange.WroteMetadata ? ExchangeChanges.Metadata : ExchangeChanges.None;
        return changes | (exchange.WasRouted ? ExchangeChanges.Route : ExchangeChanges.None);
    }

    private static ExchangePhase PhaseOf(Direction direction, PartKind kind) => (ExchangePhase)((direction is Direction.Request ? 0 : 3) + kind switch
    {
        PartKind.Headers => 0,
        PartKind.Body => 1,
        _ => 2,
    });
}
