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
public sealed record Target
{
    private Target(EnvoyVersion version, string text) => (Version, Text) = (version, text);

    /// <summary>The Envoy Gateway that makes Envoy's configuration out of its policies; the newest unless the user names one.</summary>
    public ProductVersion EnvoyGateway { get; private init; } = EnvoyGatewayReleases.Newest;

    /// <summary>The release.</summary>
    public EnvoyVersion Version { get; }

    /// <summary>As the user wrote it: <c>envoy=1.38</c>.</summary>
    public string Text { get; }

    /// <summary>What the user should know who asks about a release that is newer than those that are known: as what it is judged. Null for the others.</summary>
    public string? Note { get; private init; }

    /// <summary>Whether it is newer than what is known, so that it may have names that are not.</summary>
    public bool IsNewer => Note is not null;

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
        $"envoy=1.26 to envoy=1.40, or a patch release such as envoy=1.38.3; {EnvoyGatewayReleases.Allowed}; istio=1.18 to istio=1.32; {KgatewayReleases.Allowed}; {AgentgatewayReleases.Allowed}; or gcp; what is newer than these is judged as the newest";

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
    /// which Envoy's own files are judged for the newest Envoy. A release that is newer than those that are known is judged as the newest,
    /// with a <see cref="Note"/>. Null when it is none of them, or older.
    /// </summary>
    public static Target? Parse(string text)
    {
        string[] parts = text.Split('=', 2);
        return (parts[0], parts.ElementAtOrDefault(1)) switch
        {
            ("envoy", { } version) => Envoy(version, text),
            ("eg", { } version) => EnvoyGatewayReleases.Find(version) is not { } gateway ? null : new(EnvoyGatewayReleases.EnvoyOf(gateway), text)
            {
                EnvoyGateway = gateway,
                Note = NoteOf("Envoy Gateway", version, ProductVersion.TryParse(version) > gateway && gateway == EnvoyGatewayReleases.Newest, $"{gateway}"),
            },
            ("istio", { } version) => Istio(version, text),
            ("kgateway", { } version) => KgatewayReleases.Find(version) is not { } gateway ? null : new(NewestOf(KgatewayReleases.EnvoyLineOf(gateway)), text)
            {
                Kgateway = gateway,
                Note = NoteOf("kgateway", version, ProductVersion.TryParse(version)?.IsLineAfter(gateway) == true, gateway.Line),
            },
            ("agentgateway", null) or ("gcp", null) => new(NewestOf(NewestLine), text),
            ("agentgateway", { } version) => AgentgatewayReleases.Find(version) is not { } gateway ? null : new(NewestOf(NewestLine), text)
            {
                Agentgateway = gateway,
                Note = NoteOf("agentgateway", version, ProductVersion.TryParse(version)?.IsLineAfter(gateway) == true, gateway.Line),
            },
            _ => null,
        };
    }

    private static int NewestLine => NewestPatch.Keys.Max();

    private static EnvoyVersion NewestOf(int line) => new(line, NewestPatch[line]);

    private static string? NoteOf(string product, string version, bool isNewer, string judged) =>
        isNewer ? $"{product} {version} is newer than the releases that are known here: it is judged as {judged}, and names that are not known are hints" : null;

    /// <summary>Istio's proxy is built from the Envoy release line of the same quarter: 1.27 from 1.35, 1.28 from 1.36.</summary>
    private static Target? Istio(string version, string text)
    {
        ProductVersion newest = new(1, NewestLine - IstioLag, 0);
        return ProductVersion.TryParse(version) switch
        {
            { } later when later.IsLineAfter(newest) => new(NewestOf(NewestLine), text) { Note = NoteOf("Istio", version, true, newest.Line) },
            { Major: 1, Minor: var minor } when NewestPatch.ContainsKey(minor + IstioLag) => new(NewestOf(minor + IstioLag), text),
            _ => null,
        };
    }

    /// <summary>A patch that is not known yet is judged as the newest of its line: what it alone refuses is not known.</summary>
    private static Target? Envoy(string version, string text)
    {
        ProductVersion newest = new(1, NewestLine, NewestPatch[NewestLine]);
        return ProductVersion.TryParse(version) switch
        {
            { } later when later > newest => new(NewestOf(NewestLine), text) { Note = NoteOf("Envoy", version, true, $"{newest}") },
            { Major: 1, Minor: var minor, Patch: var patch } when NewestPatch.TryGetValue(minor, out int last) => patch > last
                ? new(NewestOf(minor), text) { Note = NoteOf("Envoy", version, true, $"{NewestOf(minor)}") }
                : new(new(minor, version.Split('.').Length > 2 ? patch : last), text),
            _ => null,
        };
    }
}
