using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;

namespace ExtProc.Transport.Refusals;

/// <summary>
/// Streams and connections that were refused below gRPC, where no handler and no status can tell of it: each is counted, and one of a
/// kind in ten seconds is told, with what was sent, by whom, and what to do.
/// </summary>
internal sealed class TransportRefusals : IDisposable
{
    private const int LongestShown = 200;

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private readonly Meter _meter;
    private readonly Counter<long> _count;
    private readonly TimeProvider _time;
    private readonly ILogger<TransportRefusals> _log;
    private readonly IReadOnlyList<RefusalCause> _causes;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long ToldAt, int Untold)> _told = new(StringComparer.Ordinal);

    public TransportRefusals(GrpcTransportOptions limits, TimeProvider time, ILogger<TransportRefusals> log, IMeterFactory? meters = null)
    {
        (_causes, _time, _log) = (RefusalCause.All(limits), time, log);
        _meter = meters?.Create(TransportGauges.MeterName) ?? new Meter(TransportGauges.MeterName);
        _count = _meter.CreateCounter<long>("extproc.transport.refusals", "{refusal}", "Streams and connections refused below gRPC, by reason.");
    }

    /// <summary>Finds where a connection comes from, by its id; null while nobody knows.</summary>
    public Func<string, EndPoint?>? PeerOf { get; set; }

    /// <summary>Takes note of one that Kestrel refused.</summary>
    /// <param name="what">What Kestrel says of it.</param>
    /// <param name="connection">The id of its connection.</param>
    public void Add(string what, string? connection)
    {
        RefusalCause cause = _causes.First(cause => cause.Mark is { } mark && what.Contains(mark, StringComparison.OrdinalIgnoreCase));
        if (MayTell(cause, out int untold))
        {
            Tell(what, connection is null ? null : PeerOf?.Invoke(connection), cause, untold);
        }
    }

    /// <summary>Takes note of one that we refused.</summary>
    /// <param name="reason">The reason code of a cause.</param>
    /// <param name="what">What happened.</param>
    /// <param name="peer">Who it was.</param>
    public void Add(string reason, string what, EndPoint? peer)
    {
        RefusalCause cause = _causes.First(cause => cause.Reason == reason);
        if (MayTell(cause, out int untold))
        {
            Tell(what, peer, cause, untold);
        }
    }

    public void Dispose() => _meter.Dispose();

    private bool MayTell(RefusalCause cause, out int untold)
    {
        string reason = cause.Reason;
        _count.Add(1, new KeyValuePair<string, object?>("reason", reason));
        lock (_gate)
        {
            long now = _time.GetTimestamp();
            bool isFirst = !_told.TryGetValue(reason, out (long ToldAt, int Untold) before);
            bool may = isFirst || _time.GetElapsedTime(before.ToldAt, now) >= Silence;
            untold = before.Untold;
            _told[reason] = may ? (now, 0) : (before.ToldAt, before.Untold + 1);
            return may;
        }
    }

    private void Tell(string what, EndPoint? peer, RefusalCause cause, int untold) => _log.RefusedBelowGrpc(
        peer?.ToString() ?? "unknown", Printable(what), cause.Cure, untold == 0 ? "" : $" ({untold} more of this kind since the last line)");

    // The peer chose some of these letters.
    private static string Printable(string text)
    {
        StringBuilder shown = new(Math.Min(text.Length, LongestShown));
        foreach (char letter in text.AsSpan(0, Math.Min(text.Length, LongestShown)))
        {
            _ = letter is >= ' ' and <= '~' ? shown.Append(letter) : shown.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
        }

        return shown.Append(text.Length > LongestShown ? "..." : "").ToString().TrimEnd('.', ' ');
    }
}
