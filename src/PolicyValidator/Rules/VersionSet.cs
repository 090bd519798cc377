using System.Globalization;

namespace PolicyValidator.Rules;

/// <summary>Stretches of Envoy releases, both ends included; an end that is null is open.</summary>
public sealed class VersionSet
{
    private readonly IReadOnlyList<(EnvoyVersion? From, EnvoyVersion? To)> ranges;

    private VersionSet(params IReadOnlyList<(EnvoyVersion? From, EnvoyVersion? To)> ranges) => this.ranges = ranges;

    /// <summary>Every release.</summary>
    public static VersionSet All { get; } = new((null, null));

    /// <summary>From <c>1.33</c> (its first patch) or <c>1.33.2</c> on.</summary>
    public static VersionSet Since(string version) => new((First(version), null));

    /// <summary>Up to <c>1.39</c> (its last patch) or <c>1.39.3</c>.</summary>
    public static VersionSet Until(string version) => new((null, Last(version)));

    /// <summary>From the one to the other; <c>1.38</c> means the whole line.</summary>
    public static VersionSet Between(string from, string to) => new((First(from), Last(to)));

    /// <summary>These and those.</summary>
    public VersionSet And(VersionSet other) => new([.. ranges, .. other.ranges]);

    /// <summary>Whether a release is among them.</summary>
    public bool Contains(EnvoyVersion version) =>
        ranges.Any(range => (range.From is null || version >= range.From) && (range.To is null || version <= range.To));

    /// <summary>In words: <c>1.33 and later</c>, <c>1.35.0</c>, <c>up to 1.39, 1.36.4 to 1.38.3</c>.</summary>
    public override string ToString() => string.Join(", ", ranges.Select(Describe));

    private static string Describe((EnvoyVersion? From, EnvoyVersion? To) range) => range switch
    {
        (null, null) => "all",
        ({ } from, null) => $"{Short(from, 0)} and later",
        (null, { } to) => $"up to {Short(to, int.MaxValue)}",
        ({ } from, { } to) when from == to => from.ToString(),
        ({ } from, { } to) when from.Minor == to.Minor && from.Patch == 0 && to.Patch == int.MaxValue => $"1.{from.Minor}",
        ({ } from, { } to) => $"{Short(from, 0)} to {Short(to, int.MaxValue)}",
    };

    private static string Short(EnvoyVersion version, int wholeLine) => version.Patch == wholeLine ? $"1.{version.Minor}" : version.ToString();

    private static EnvoyVersion First(string version) => Read(version, 0);

    private static EnvoyVersion Last(string version) => Read(version, int.MaxValue);

    private static EnvoyVersion Read(string version, int patch)
    {
        string[] parts = version.Split('.');
        return new(
            int.Parse(parts[1], CultureInfo.InvariantCulture),
            parts.Length > 2 ? int.Parse(parts[2], CultureInfo.InvariantCulture) : patch);
    }
}
