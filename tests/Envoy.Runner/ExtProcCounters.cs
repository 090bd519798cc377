namespace Envoy.Runner;

/// <summary>What Envoy's ext_proc filters below one stat prefix have counted.</summary>
public sealed class ExtProcCounters
{
    /// <summary>The counters that stand still while server and traffic are well.</summary>
    public static readonly IReadOnlyList<string> SignsOfTrouble =
    [
        "streams_failed", "spurious_msgs_received", "failure_mode_allowed", "message_timeouts", "rejected_header_mutations", "server_half_closed",
    ];

    private readonly Dictionary<string, long> counters;

    internal ExtProcCounters(IReadOnlyDictionary<string, long> stats) =>
        counters = stats.GroupBy(stat => stat.Key[(stat.Key.LastIndexOf('.') + 1)..])
            .ToDictionary(group => group.Key, group => group.Sum(stat => stat.Value));

    /// <summary>One counter by its last name; 0 where this Envoy has none of that name.</summary>
    public long this[string counter] => counters.GetValueOrDefault(counter);

    /// <summary>True when no processor stream is open.</summary>
    public bool AllStreamsClosed => this["streams_started"] <= this["streams_closed"] + this["streams_failed"];

    /// <summary>The signs of trouble that grew since an earlier look, as <c>name +n</c>.</summary>
    public IReadOnlyList<string> TroubleSince(ExtProcCounters before, IReadOnlyCollection<string> except) =>
    [
        .. from counter in SignsOfTrouble
           where !except.Contains(counter) && this[counter] > before[counter]
           select $"{counter} +{this[counter] - before[counter]}",
    ];

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(' ', counters.Where(counter => counter.Value != 0).OrderBy(counter => counter.Key).Select(counter => $"{counter.Key}={counter.Value}"));
}
