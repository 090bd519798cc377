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

    /// <summary>The kgateway whose resources are judged; the newest unless the user names one.</summary>
    public ProductVersion Kgateway { get; private init; } = KgatewayReleases.Newest;

    /// <summary>The agentgateway whose policies are judged; the newest unless the user names one.</summary>
    public ProductVersion Agentgateway { get; private init; } = AgentgatewayReleases.Newest;

    /// <summary>What a user may write, for messages.</summary>
    public static string Allowed =>
        $"envoy=1.26 to envoy=1.40, or a patch release such as envoy=1.38.3; {EnvoyGatewayReleases.Allowed}; istio=1.18 to istio=1.32; {KgatewayReleases.Allowed}; {AgentgatewayReleases.Allowed}; or gcp";

    /// <summary>What a user may choose from, product by product, the newest first: releases of Envoy Gateway, release lines of the others.</summary>
    public static IReadOnlyList<(string Product, IReadOnlyList<Target> Targets)> Offered =>
    [
        ("Envoy", [.. NewestPatch.Keys.OrderDescending().Select(minor => Parse($"envoy=1.{minor}")!)]),
        ("Envoy Gateway", [.. EnvoyGatewayReleases.All.Reverse().Select(release => Parse($"eg={release}")!)]),
        ("Istio", [.. NewestPatch.Keys.OrderDescending().Select(minor => Parse($"istio=1.{minor - IstioLag}")!)]),
        ("kgateway", [.. KgatewayReleases.All.Reverse().Select(release => Parse($"kgateway={release.Line}")!)]),
        ("agentgateway", [.. AgentgatewayReleases.All.Reverse().Select(release => Parse($"agentgateway={release.Line}")!)]),
        ("Google Cloud", [Parse("gcp")!]),
    ];

    /// <summary>
    /// Reads <c>envoy=1.38</c> (the newest patch that is known of it) or <c>envoy=1.38.3</c>; <c>eg=1.4.1</c>, <c>istio=1.28</c> and
    /// <c>kgateway=2.3</c>, which stand for the Envoy that they run too; <c>agentgateway</c>, <c>agentgateway=1.3</c> and <c>gcp</c>, beside
    /// which Envoy's own files are judged for the newest Envoy. Null when it is none of them, or a release that is not known.
    /// </summary>
    public static Target? Parse(string text)
    {
        string[] parts = text.Split('=', 2);
        return (parts[0], parts.ElementAtOrDefault(1)) switch
        {
            ("envoy", { } version) => Envoy(version, text),
            ("eg", { } version) => EnvoyGatewayReleases.Find(version) is { } gateway ? new(EnvoyGatewayReleases.EnvoyOf(gateway), text) { EnvoyGateway = gateway } : null,
            ("istio", { } version) => Istio(version, text),
            ("kgateway", { } version) => KgatewayReleases.Find(version) is { } gateway ? new(NewestOf(KgatewayReleases.EnvoyLineOf(gateway)), text) { Kgateway = gateway } : null,
            ("agentgateway", null) or ("gcp", null) => new(NewestOf(NewestPatch.Keys.Max()), text),
            ("agentgateway", { } version) => AgentgatewayReleases.Find(version) is { } gateway ? new(NewestOf(NewestPatch.Keys.Max()), text) { Agentgateway = gateway } : null,
            _ => null,
        };
    }

    private static EnvoyVersion NewestOf(int line) => new(line, NewestPatch[line]);

    /// <summary>Istio's proxy is built from the Envoy release line of the same quarter: 1.27 from 1.35, 1.28 from 1.36.</summary>
    private static Target? Istio(string version, string text) =>
        ProductVersion.TryParse(version) is { Major: 1, Minor: var minor } && NewestPatch.ContainsKey(minor + IstioLag)
            ? new(NewestOf(minor + IstioLag), text)
            : null;

    /// <summary>A patch that is not known is none: what it refuses is not known either.</summary>
    private static Target? Envoy(string version, string text)
    {
        Match match = Form().Match(version);
        if (!match.Success || !NewestPatch.TryGetValue(int.Parse(match.Groups["minor"].ValueSpan, CultureInfo.InvariantCulture), out int newest))
        {
            return null;
        }

        int minor = int.Parse(match.Groups["minor"].ValueSpan, CultureInfo.InvariantCulture);
        int patch = match.Groups["patch"] is { Success: true } given ? int.Parse(given.ValueSpan, CultureInfo.InvariantCulture) : newest;
        return patch <= newest ? new(new(minor, patch), text) : null;
    }

    [GeneratedRegex(@"^1\.(?<minor>[0-9]{1,3})(\.(?<patch>[0-9]{1,3}))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
