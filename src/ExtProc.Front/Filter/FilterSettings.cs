using Envoy.Config.Core.V3;
using ExtProc.Configuration;
using Google.Protobuf.WellKnownTypes;

namespace ExtProc.Front.Filter;

/// <summary>What the filter is configured to do with an exchange, named as in <c>envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor</c>.</summary>
internal sealed record FilterSettings
{
    /// <summary>The modes of this exchange: the route's, or the filter's.</summary>
    public required ProcessingMode Modes { get; init; }

    /// <summary>The filter's own modes, on which overrides are based; null: <see cref="Modes"/>.</summary>
    public ProcessingMode? FilterModes { get; init; }

    /// <summary>What differs between releases.</summary>
    public EnvoyBehavior Behavior { get; init; } = EnvoyBehavior.Any;

    public bool FailureModeAllow { get; init; }

    public int StatusOnError { get; init; } = 500;

    public bool ObservabilityMode { get; init; }

    public bool SendBodyWithoutWaitingForHeaderResponse { get; init; }

    public bool AllowModeOverride { get; init; }

    public IReadOnlyList<ProcessingMode> AllowedOverrideModes { get; init; } = [];

    public MutationRules MutationRules { get; init; } = MutationRules.Default;

    public RouteCacheAction RouteCacheAction { get; init; }

    public bool DisableImmediateResponse { get; init; }

    public bool AllowContentLengthHeader { get; init; }

    public TimeSpan MessageTimeout { get; init; } = TimeSpan.FromMilliseconds(200);

    public TimeSpan MaxMessageTimeout { get; init; }

    /// <summary>Lines that a message may have after a mutation, and operations of one mutation.</summary>
    public int HeaderCount { get; init; } = 100;

    /// <summary>Bytes that a message's lines may have after a mutation.</summary>
    public int HeaderBytes { get; init; } = 60 << 10;

    /// <summary>Bytes of a body that are held for BUFFERED, beyond which the exchange fails, and for BUFFERED_PARTIAL, beyond which the rest passes unseen.</summary>
    public int BufferBytes { get; init; } = 1 << 20;

    /// <summary>Whether a BUFFERED body may be larger than <see cref="BufferBytes"/>.</summary>
    public bool BuffersEverything { get; init; }

    /// <summary>Which header and trailer lines the server is shown.</summary>
    public Func<string, bool> IsForwarded { get; init; } = _ => true;

    /// <summary>Whether the first message says the modes.</summary>
    public bool SaysModes { get; init; } = true;

    /// <summary>The attributes of a direction, asked for with its first message.</summary>
    public Func<Direction, Struct?> Attributes { get; init; } = _ => null;

    /// <summary>The metadata of a message.</summary>
    public Func<Metadata> Metadata { get; init; } = () => new();
}
