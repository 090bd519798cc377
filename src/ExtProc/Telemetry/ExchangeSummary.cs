using System.Runtime.CompilerServices;

namespace ExtProc.Telemetry;

/// <summary>What one line says of an exchange. Filled by the session, and only when somebody wants it.</summary>
internal readonly record struct ExchangeSummary
{
    /// <summary>The request's id, Envoy's <c>x-request-id</c>, if it came.</summary>
    public string? Id { get; init; }

    /// <summary>The request's method, if its headers were seen.</summary>
    public string? Method { get; init; }

    /// <summary>The request's path; its query is not logged, for secrets travel there.</summary>
    public string? Path { get; init; }

    /// <summary>The status that the client gets as far as this server knows: the upstream's, or that of a processor's answer.</summary>
    public int? Status { get; init; }

    /// <summary>Body bytes from Envoy and back to it, request direction.</summary>
    public (long In, long Out) RequestBytes { get; init; }

    /// <summary>Body bytes from Envoy and back to it, response direction.</summary>
    public (long In, long Out) ResponseBytes { get; init; }

    /// <summary>Time from a phase's first message to its last answer.</summary>
    public PhaseTimes Times { get; init; }

    /// <summary>What left otherwise than it came.</summary>
    public ExchangeChanges Changes { get; init; }

    /// <summary>What processors noted, and what was refused.</summary>
    public IReadOnlyList<string> Notes { get; init; }

    /// <summary>How it ended.</summary>
    public Completion Completion { get; init; }
}

/// <summary>The parts of an exchange that take time of their own.</summary>
internal enum ExchangePhase
{
    RequestHeaders,
    RequestBody,
    RequestTrailers,
    ResponseHeaders,
    ResponseBody,
    ResponseTrailers,
}

/// <summary>A time for each <see cref="ExchangePhase"/>; zero for one that was not seen.</summary>
[InlineArray(6)]
internal struct PhaseTimes
{
    private TimeSpan _first;

    public TimeSpan this[ExchangePhase phase]
    {
        readonly get => this[(int)phase];
        set => this[(int)phase] = value;
    }
}

/// <summary>What left this server otherwise than it came.</summary>
[Flags]
internal enum ExchangeChanges
{
    None = 0,
    RequestHeaders = 1 << 0,
    RequestBody = 1 << 1,
    RequestTrailers = 1 << 2,
    ResponseHeaders = 1 << 3,
    ResponseBody = 1 << 4,
    ResponseTrailers = 1 << 5,
    Metadata = 1 << 6,
    Route = 1 << 7,
    Mode = 1 << 8,
    Answer = 1 << 9,
}
