namespace Envoy.Runner.Search;

/// <summary>
/// Looks for an Envoy: ENVOY_BIN, the PATH, <c>artifacts/envoy</c>, pip, Docker, in this order. Says in one line for each of them what was
/// looked for and what came of it.
/// </summary>
public sealed class EnvoySearch
{
    /// <summary>How long a place may get on no further before it is given up.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TextWriter lines;
    private readonly IReadOnlyList<EnvoyPlace> places;
    private readonly HashSet<EnvoyPlace> hopeless = [];

    /// <summary>A search in all places.</summary>
    /// <param name="lines">takes the lines</param>
    public EnvoySearch(TextWriter lines)
        : this(lines, [new NamedPlace(), new PathPlace(), new FetchedPlace(), new PipPlace(Newest), new DockerPlace(Newest)])
    {
    }

    internal EnvoySearch(TextWriter lines, IReadOnlyList<EnvoyPlace> places) => (this.lines, this.places) = (lines, places);

    private static Version Newest => Version.Parse(EnvoyVersions.Ends[^1]);

    /// <summary>Any release that is supported, the newest where there is a choice; null when none can be had.</summary>
    /// <exception cref="EnvoyMissingException">ENVOY_BIN names what is no Envoy</exception>
    public Task<EnvoyBinary?> FindAnyAsync(CancellationToken cancel = default) => FindAsync("an Envoy", null, cancel);

    /// <summary>One release; null when it cannot be had.</summary>
    /// <exception cref="EnvoyMissingException">ENVOY_BIN names what is no Envoy</exception>
    public Task<EnvoyBinary?> FindAsync(string version, CancellationToken cancel = default) =>
        FindAsync($"Envoy {version}", Version.Parse(version), cancel);

    private async Task<EnvoyBinary?> FindAsync(string what, Version? wanted, CancellationToken cancel)
    {
        lines.WriteLine($"looking for {what}; a place that gets on no further is given up after {Patience.TotalSeconds} s");
        foreach (EnvoyPlace place in places.Where(place => !hopeless.Contains(place)))
        {
            string doing = place.DoingFor(wanted);
            lines.Write($"  {place.Name}: {doing}{(doing.Length == 0 ? "" : " ... ")}");
            lines.Flush();
            Outcome outcome = await LookAsync(place, wanted, cancel);
            if (outcome.Envoy is { } found)
            {
                return found;
            }

            if (outcome.IsHopeless)
            {
                hopeless.Add(place);
            }
        }

        return null;
    }

    private async Task<Outcome> LookAsync(EnvoyPlace place, Version? wanted, CancellationToken cancel)
    {
        string said = "no";
        try
        {
            Outcome outcome = await place.LookAsync(wanted, cancel);
            said = outcome.Said;
            return outcome;
        }
        finally
        {
            lines.WriteLine(said);
        }
    }
}
