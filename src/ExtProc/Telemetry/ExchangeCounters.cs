using System.Diagnostics.Metrics;

namespace ExtProc.Telemetry;

/// <summary>What goes wrong in exchanges, as metrics of the meter <c>ExtProc</c>.</summary>
internal sealed class ExchangeCounters : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "ExtProc";

    /// <summary>For exchanges that are not to be counted.</summary>
    public static ExchangeCounters None { get; } = new(new Meter("ExtProc.Rehearsal"));

    private readonly Meter _meter;
    private readonly Counter<long> _refusals, _unknownMessages;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="lost">Counts lines of the program's logs; null in a host with logs of its own.</param>
    public ExchangeCounters(IMeterFactory? meters = null, LostLines? lost = null)
        : this(meters?.Create(MeterName) ?? new Meter(MeterName)) =>
        _meter.CreateObservableCounter("extproc.log.lost", () => lost?.Read() ?? [], "{line}", "Lines of the log and of the exchanges that were not written, by log and reason.");

    private ExchangeCounters(Meter meter)
    {
        _meter = meter;
        _refusals = _meter.CreateCounter<long>("extproc.refusals", "{refusal}", "Refusals and failures, by reason code and processor, once an exchange each.");
        _unknownMessages = _meter.CreateCounter<long>("extproc.unknown_messages", "{message}", "Messages from Envoy of a kind that this build does not know; they are left unanswered.");
    }

    /// <param name="processor">The processor's name; empty when it was none.</param>
    /// <param name="reason">One of <see cref="Reasons"/>.</param>
    public void Refused(string processor, string reason) =>
        _refusals.Add(1, new KeyValuePair<string, object?>("reason", reason), new KeyValuePair<string, object?>("processor", processor));

    public void UnknownMessages(int count)
    {
        if (count > 0)
        {
            _unknownMessages.Add(count);
        }
    }

    public void Dispose() => _meter.Dispose();
}
