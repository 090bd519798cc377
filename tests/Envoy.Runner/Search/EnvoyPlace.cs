namespace Envoy.Runner.Search;

/// <summary>What came of looking for an Envoy in one place.</summary>
/// <param name="Said">for a line</param>
/// <param name="Envoy">what was found; null for nothing</param>
/// <param name="IsHopeless">true when the place has no Envoy of any release</param>
internal sealed record Outcome(string Said, EnvoyBinary? Envoy = null, bool IsHopeless = false);

/// <summary>A place to look for an Envoy.</summary>
internal abstract class EnvoyPlace
{
    /// <summary>What a line calls it.</summary>
    public abstract string Name { get; }

    /// <summary>What is being done, for looks that take time; empty for those that do not.</summary>
    public virtual string DoingFor(Version? wanted) => "";

    /// <summary>Looks for a release; null takes any.</summary>
    public abstract Task<Outcome> LookAsync(Version? wanted, CancellationToken cancel);

    /// <summary>An Envoy that is there, taken when it is the one that is wanted.</summary>
    protected static Outcome Judge(EnvoyBinary found, Version? wanted)
    {
        string said = $"{found.Version} at {found.Path}";
        return wanted is null
            ? EnvoyVersions.IsSupported(found.Version) ? new(said, found) : new($"{said} is older than {EnvoyVersions.Ends[0]}")
            : found.Version == wanted ? new(said, found) : new($"{said} is not {wanted}");
    }
}

/// <summary>The Envoy that ENVOY_BIN names.</summary>
internal sealed class NamedPlace : EnvoyPlace
{
    /// <inheritdoc/>
    public override string Name => InstalledEnvoy.Variable;

    /// <inheritdoc/>
    public override Task<Outcome> LookAsync(Version? wanted, CancellationToken cancel) =>
        Task.FromResult(InstalledEnvoy.Named is { } found ? Judge(found, wanted) : new("not set", IsHopeless: true));
}

/// <summary>The Envoy on the PATH.</summary>
internal sealed class PathPlace : EnvoyPlace
{
    /// <inheritdoc/>
    public override string Name => "envoy on the PATH";

    /// <inheritdoc/>
    public override Task<Outcome> LookAsync(Version? wanted, CancellationToken cancel) =>
        Task.FromResult(InstalledEnvoy.OnPath is { } found ? Judge(found, wanted) : new(InstalledEnvoy.SaidOfPath, IsHopeless: true));
}

/// <summary>The Envoys that were fetched before.</summary>
internal sealed class FetchedPlace : EnvoyPlace
{
    /// <inheritdoc/>
    public override string Name => FetchedEnvoys.ShownFolder;

    /// <inheritdoc/>
    public override Task<Outcome> LookAsync(Version? wanted, CancellationToken cancel) =>
        Task.FromResult((wanted is null ? FetchedEnvoys.FindNewest() : FetchedEnvoys.Find(wanted)) is { } found
            ? new Outcome($"{found.Version}", found)
            : new Outcome(wanted is null ? "none" : $"no {wanted}"));
}
