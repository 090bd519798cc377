using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ExtProc.Telemetry;

/// <summary>Lines of the program's logs that were not written, counted; the metric <c>extproc.log.lost</c>.</summary>
internal sealed class LostLines
{
    /// <summary>The log on standard error.</summary>
    public const string Events = "events";

    /// <summary>The exchanges' lines on standard output.</summary>
    public const string Exchanges = "exchanges";

    /// <summary>More of one kind than are written in a while; another line says how many.</summary>
    public const string Repeated = "repeated";

    /// <summary>They came faster than they could be written.</summary>
    public const string TooFast = "too_fast";

    /// <summary>The output took none: a disk that is full.</summary>
    public const string OutputFailed = "output_failed";

    private readonly ConcurrentDictionary<(string Log, string Why), long> _counts = new();

    public void Add(string log, string why, long lines = 1) => _counts.AddOrUpdate((log, why), lines, (_, before) => before + lines);

    /// <summary>The counts, by log and reason.</summary>
    public IEnumerable<Measurement<long>> Read() => _counts.Select(count =>
        new Measurement<long>(count.Value, new KeyValuePair<string, object?>("log", count.Key.Log), new KeyValuePair<string, object?>("reason", count.Key.Why)));
}
