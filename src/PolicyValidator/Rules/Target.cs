using System.Globalization;
using System.Text.RegularExpressions;

namespace PolicyValidator.Rules;

/// <summary>An Envoy release 1.<paramref name="Minor"/>.<paramref name="Patch"/>.</summary>
public readonly record struct EnvoyVersion(int Minor, int Patch) : IComparable<EnvoyVersion>
{
    /// <inheritdoc/>
    public int CompareTo(EnvoyVersion other) => (Minor, Patch).CompareTo((other.Minor, other.Patch));

    /// <summary>Earlier.</summary>
    public static bool operator <(EnvoyVersion left, EnvoyVersion right) => left.CompareTo(right) < 0;

    /// <summary>Later.</summary>
    public static bool operator >(EnvoyVersion left, EnvoyVersion right) => left.CompareTo(right) > 0;

    /// <summary>Not later.</summary>
    public static bool operator <=(EnvoyVersion left, EnvoyVersion right) => left.CompareTo(right) <= 0;

    /// <summary>Not earlier.</summary>
    public static bool operator >=(EnvoyVersion left, EnvoyVersion right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public override string ToString() => $"1.{Minor}.{Patch}";
}

/// <summary>The Envoy that a lint asks about, under the name that the user gave it.</summary>
public sealed partial record Target
{
    private Target(EnvoyVersion version, string text) => (Version, Text) = (version, text);

    /// <summary>The Envoy Gateway that makes Envoy's configuration out of its policies; the newest unless the user names one.</summary>
    public ProductVersion EnvoyGateway { get; private init; } = EnvoyGatewayReleases.Newest;

    /// <summary>The release.</summary>
    public EnvoyVersion Version { get; }

    /// <summary>As the user wrote it: <c>envoy=1.38</c>.</summary>
    public string Text { get; }

    /// <summary>Whether the verdicts for this release were compared with the real binary's.</summary>
    public bool Measured => Version.Minor >= 36;

    /// <summary>The newest patch known of each release line.</summary>
    private static readonly Dictionary<int, int> NewestPatch = new()
    {
        [26] = 8, [27] = 7, [28] = 7, [29] = 12, [30] = 11, [31] = 10, [32] = 13, [33] = 14, [34] = 14, [35] = 13,
        [36] = 13, [37] = 10, [38] = 7, [39] = 5, [40] = 0,
    };

    /// <summary>How far the numbers of Istio's release lines are behind Envoy's.</summary>
    private const int IstioLag = 8;

    /// <summary>The default: the newest release line.</summary>
    public static Target Newest { get; } = Parse("envoy=1.40")!;

    /// <summary>What a user may write, for messages.</summary>
    public static string Allowed => $"envoy=1.26 to envoy=1.40, or a patch release such as envoy=1.38.3; {EnvoyGatewayReleases.Allowed}; istio=1.18 to istio=1.32";

    /// <summary>
    /// Reads <c>envoy=1.38</c> (its newest patch), <c>envoy=1.38.3</c>, <c>eg=1.4.1</c>, which stands for the Envoy of that Envoy
    /// Gateway too, or <c>istio=1.28</c>; null when it is none of them, or not known.
    /// </summary>
    public static Target? Parse(string text) => text.StartsWith("eg=", StringComparison.Ordinal)
        ? EnvoyGatewayReleases.Find(text[3..]) is { } gateway ? new(EnvoyGatewayReleases.EnvoyOf(gateway), text) { EnvoyGateway = gateway } : null
        : text.StartsWith("istio=", StringComparison.Ordinal) ? ParseIstio(text) : ParseEnvoy(text);

    /// <summary>Istio's proxy is built from the Envoy release line of the same quarter: 1.27 from 1.35, 1.28 from 1.36.</summary>
    private static Target? ParseIstio(string text) =>
        ProductVersion.TryParse(text[6..]) is { Major: 1, Minor: var minor } && NewestPatch.TryGetValue(minor + IstioLag, out int patch)
            ? new(new(minor + IstioLag, patch), text)
            : null;

    private static Target? ParseEnvoy(string text)
    {
        Match match = Form().Match(text);
        if (!match.Success || !NewestPatch.TryGetValue(int.Parse(match.Groups["minor"].ValueSpan, CultureInfo.InvariantCulture), out int newest))
        {
            return null;
        }

        int minor = int.Parse(match.Groups["minor"].ValueSpan, CultureInfo.InvariantCulture);
        int patch = match.Groups["patch"] is { Success: true } given ? int.Parse(given.ValueSpan, CultureInfo.InvariantCulture) : newest;
        return new(new(minor, patch), text);
    }

    [GeneratedRegex(@"^envoy=1\.(?<minor>[0-9]{1,3})(\.(?<patch>[0-9]{1,3}))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
