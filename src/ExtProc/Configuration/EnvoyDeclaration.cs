namespace ExtProc.Configuration;

/// <summary>
/// What the operator says of the Envoy side: the <c>envoy:</c> section of <c>extproc.yaml</c>. Envoy tells a server only its
/// body modes; everything else that decides whether a pipeline can work must be declared to be checked at start.
/// Each property is named after the field of <c>envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor</c> that it repeats;
/// <see langword="null"/> means not declared, so nothing is concluded from it.
/// </summary>
public sealed record EnvoyDeclaration
{
    /// <summary>How long Envoy waits for an answer where <c>message_timeout</c> is not set.</summary>
    internal static readonly TimeSpan DefaultMessageTimeout = TimeSpan.FromMilliseconds(200);

    /// <summary>Nothing is known of the Envoy side.</summary>
    public static EnvoyDeclaration Unknown { get; } = new();

    /// <summary>Envoy's version, such as <c>1.40.0</c> or <c>1.40</c>.</summary>
    public Version? Version { get; init; }

    /// <summary>The six processing modes.</summary>
    public ProcessingMode? ProcessingMode { get; init; }

    /// <summary>
    /// Whether Envoy obeys a mode override. Not declared counts as no. A processor that must not be left out (<c>onError</c> fail or
    /// respond) relies on it only where an override that Envoy ignores fails the exchange, which is so since Envoy 1.40
    /// (<see cref="Version"/>), or where <see cref="TrustModeOverride"/> is set.
    /// </summary>
    public bool AllowModeOverride { get; init; }

    /// <summary>
    /// Whether the operator vouches that the filter takes overrides where nothing proves it: Envoy before 1.40 ignores one in silence, and
    /// the body then passes unprocessed. Only for a filter that is known to set <c>allow_mode_override</c>.
    /// </summary>
    public bool TrustModeOverride { get; init; }

    /// <summary>The modes that an override may ask for; empty allows all.</summary>
    public IReadOnlyList<ProcessingMode> AllowedOverrideModes { get; init; } = [];

    /// <summary>How long Envoy waits for each answer. Envoy's default is 200 ms. Does not run in full duplex.</summary>
    [AllowedRange("0s", "1h")]
    public TimeSpan? MessageTimeout { get; init; }

    /// <summary>The longest extension that a server may ask for; not declared or zero means that Envoy ignores the request.</summary>
    [AllowedRange("0s", "1h")]
    public TimeSpan? MaxMessageTimeout { get; init; }

    /// <summary>Whether a failing server lets traffic pass.</summary>
    public bool FailureModeAllow { get; init; }

    /// <summary>Whether Envoy only shows traffic and takes no answers.</summary>
    public bool ObservabilityMode { get; init; }

    /// <summary>Whether body chunks are sent before the headers are answered (STREAMED only).</summary>
    public bool SendBodyWithoutWaitingForHeaderResponse { get; init; }

    /// <summary>Attributes sent with the first message of the request direction.</summary>
    public IReadOnlyList<string>? RequestAttributes { get; init; }

    /// <summary>Attributes sent with the first message of the response direction.</summary>
    public IReadOnlyList<string>? ResponseAttributes { get; init; }

    /// <summary>Dynamic metadata namespaces that Envoy sends (<c>metadata_options.forwarding_namespaces.untyped</c>).</summary>
    public IReadOnlyList<string>? ForwardingNamespaces { get; init; }

    /// <summary>Dynamic metadata namespaces that Envoy takes (<c>metadata_options.receiving_namespaces.untyped</c>).</summary>
    public IReadOnlyList<string>? ReceivingNamespaces { get; init; }

    /// <summary>Which header changes Envoy lets through.</summary>
    public MutationRules MutationRules { get; init; } = MutationRules.Default;

    /// <summary>What Envoy does with a request to clear the route cache.</summary>
    public RouteCacheAction RouteCacheAction { get; init; }

    /// <summary>Whether Envoy refuses immediate responses.</summary>
    public bool DisableImmediateResponse { get; init; }

    /// <summary>Whether Envoy keeps content-length while a body is streamed (since 1.38).</summary>
    public bool AllowContentLengthHeader { get; init; }
}

/// <summary>Source: <c>ExternalProcessor.RouteCacheAction</c>.</summary>
public enum RouteCacheAction
{
    /// <summary>Cleared when an answer asks for it.</summary>
    Default = 0,

    /// <summary>Cleared with every answer that changes request headers.</summary>
    Clear = 1,

    /// <summary>Never cleared.</summary>
    Retain = 2,
}

/// <summary>
/// Which header changes Envoy lets through. Source: <c>envoy.config.common.mutation_rules.v3.HeaderMutationRules</c>; its regular
/// expressions are not repeated here.
/// </summary>
public sealed record MutationRules
{
    /// <summary>Envoy's own defaults.</summary>
    public static MutationRules Default { get; } = new();

    /// <summary>Lets <c>host</c>, <c>:authority</c>, <c>:scheme</c> and <c>:method</c> be set.</summary>
    public bool AllowAllRouting { get; init; }

    /// <summary>Lets headers whose name begins with <c>x-envoy-</c> be changed.</summary>
    public bool AllowEnvoy { get; init; }

    /// <summary>Refuses every name that begins with <c>:</c>, and <c>host</c>.</summary>
    public bool DisallowSystem { get; init; }

    /// <summary>Refuses every change.</summary>
    public bool DisallowAll { get; init; }

    /// <summary>Fails the exchange on a refused change instead of leaving it out.</summary>
    public bool DisallowIsError { get; init; }
}
