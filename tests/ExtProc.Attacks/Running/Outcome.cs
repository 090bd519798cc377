using System.Globalization;

namespace ExtProc.Attacks.Running;

/// <summary>What an attack did.</summary>
/// <param name="Attack">its name</param>
/// <param name="By">who can do it</param>
internal sealed record Outcome(string Attack, Attacker By)
{
    /// <summary>How long it took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Connections that it opened.</summary>
    public required int Connections { get; init; }

    /// <summary>Bytes that it sent.</summary>
    public required long SentBytes { get; init; }

    /// <summary>Exchanges of the steady client that ended well meanwhile.</summary>
    public required int Exchanges { get; init; }

    /// <summary>Probes that were answered meanwhile.</summary>
    public required int Probes { get; init; }

    /// <summary>What went wrong for the steady client and for the probes.</summary>
    public required IReadOnlyList<string> Losses { get; init; }

    /// <summary>Lines of the log that tell of a mistake in the server.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>Resident bytes of the process before the attack.</summary>
    public required long BeforeBytes { get; init; }

    /// <summary>Resident bytes of the process at its largest.</summary>
    public required long PeakBytes { get; init; }

    /// <summary>The last words of a server that ended; null while it lives.</summary>
    public required string? ServerSaid { get; init; }

    /// <summary>What must not be; empty when the server withstood.</summary>
    public IEnumerable<string> Complaints()
    {
        if (ServerSaid is not null)
        {
            yield return $"{Attack}: {ServerSaid}";
        }

        if (Losses.Count > 0)
        {
            yield return $"{Attack}: others lost {Losses.Count}: {string.Join("; ", Losses.Distinct().Take(4))}";
        }

        if (Faults.Count > 0)
        {
            yield return $"{Attack}: {Faults.Count} mistakes in the log: {Faults[0]}";
        }

        if (PeakBytes > Siege.PeakLimitBytes)
        {
            yield return $"{Attack}: the process grew to {MiB(PeakBytes)}";
        }

        if (Connections == 0 || Exchanges == 0)
        {
            yield return $"{Attack}: it proved nothing, with {Connections} connections and {Exchanges} exchanges beside it";
        }
    }

    /// <summary>A row of a table.</summary>
    public override string ToString()
    {
        string sent = string.Create(CultureInfo.InvariantCulture, $"| {Attack} | {By} | {Seconds:0.0} s | {Connections} | {SentBytes / 1024.0:0} KiB |");
        return $"{sent} {MiB(BeforeBytes)} | {MiB(PeakBytes)} | {Exchanges} | {Losses.Count} |{(ServerSaid is null ? "" : " the process ended")}";
    }

    private static string MiB(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0} MiB");
}
