using ExtProc.Configuration;
using ExtProc.Pipeline;

namespace ExtProc.Testing;

/// <summary>Everything that a play is made of.</summary>
internal sealed record PlaySettings
{
    public required PipelineDefinition Pipeline { get; init; }

    public Traffic? Request { get; init; }

    public Traffic? Response { get; init; }

    /// <summary>The modes that the imitated Envoy uses.</summary>
    public ProcessingMode Modes { get; init; } = Duplex;

    /// <summary>What both sides know of the Envoy configuration.</summary>
    public EnvoyDeclaration Envoy { get; init; } = EnvoyDeclaration.Unknown;

    /// <summary>The version that the imitated Envoy has; null: the declared one.</summary>
    public Version? ActualVersion { get; init; }

    public Version? RealVersion => ActualVersion ?? Envoy.Version;

    public ExchangeLimits Limits { get; init; } = new();

    public IServiceProvider? Services { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The longest that a play waits, in real time, for a server that does nothing.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the first message says the modes; Envoy up to 1.33 did not.</summary>
    public bool SaysModes { get; init; } = true;

    /// <summary>Whether the exchange is a rehearsal of the server's.</summary>
    public bool IsRehearsal { get; init; }

    /// <summary>Envoy takes no mode override, although it is declared to.</summary>
    public bool IgnoresModeOverrides { get; init; }

    /// <summary>How many messages are sent before the server is let to answer, again and again.</summary>
    public Func<Func<int>> Bursts { get; init; } = () => () => 1;

    /// <summary>The body has arrived at Envoy before the headers are answered.</summary>
    public bool BodyIsEarly { get; init; }

    /// <summary>How much Envoy's buffer takes in BUFFERED_PARTIAL, in bytes.</summary>
    public int BufferBytes { get; init; } = 1 << 20;

    /// <summary>Request chunks after which the upstream answers; null: when it has the whole request.</summary>
    public int? ResponseAfterChunks { get; init; }

    /// <summary>Messages after which Envoy breaks the stream off.</summary>
    public int? ResetAfter { get; init; }

    /// <summary>Messages after which Envoy half-closes the stream.</summary>
    public int? HalfCloseAfter { get; init; }

    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>Dynamic metadata that Envoy forwards: JSON by namespace.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>In replays: whose message is next.</summary>
    public IReadOnlyList<Direction>? Order { get; init; }

    public static ProcessingMode Duplex { get; } = ModesOf(BodySendMode.FullDuplexStreamed, BodySendMode.FullDuplexStreamed);

    public static ProcessingMode ModesOf(BodySendMode request, BodySendMode response) => new()
    {
        RequestBodyMode = request,
        ResponseBodyMode = response,
        RequestTrailerMode = HeaderSendMode.Send,
        ResponseTrailerMode = HeaderSendMode.Send,
    };
}
