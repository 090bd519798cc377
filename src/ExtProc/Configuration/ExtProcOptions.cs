using ExtProc.Pipeline;
using ExtProc.Transport;

namespace ExtProc.Configuration;

/// <summary>Everything that a running server needs to know: what <c>extproc.yaml</c> says, with flags and environment applied.</summary>
public sealed record ExtProcOptions
{
    /// <summary>The ports that Envoy connects to. <c>listen: 127.0.0.1:9000</c> is short for a list of one.</summary>
    [SingularKey("listen")]
    public IReadOnlyList<ListenerOptions> Listeners { get; init; } = [new() { Address = ListenAddress.Loopback(9000) }];

    /// <summary>The port for probes.</summary>
    public AdminOptions Admin { get; init; } = new();

    /// <summary>Whether each exchange is logged in one line: method, path, status, bytes, times, changes, how it ended.</summary>
    public bool LogExchanges { get; init; }

    /// <summary>Bounds of one exchange in bytes, counts and time.</summary>
    public ExchangeLimits Limits { get; init; } = new();

    /// <summary>Limits of connections and of the whole process.</summary>
    public GrpcTransportOptions Transport { get; init; } = new();

    /// <summary>What the server plays through its processors before it is ready.</summary>
    public RehearsalOptions Rehearsal { get; init; } = new();

    /// <summary>How the server ends.</summary>
    public DrainOptions Drain { get; init; } = new();

    /// <summary>What is declared of the Envoy side.</summary>
    public EnvoyDeclaration Envoy { get; init; } = EnvoyDeclaration.Unknown;

    /// <summary>The processors of every exchange, in request order.</summary>
    public PipelineDefinition Pipeline { get; init; } = PipelineDefinition.PassThrough;

    /// <summary>How many exchanges may decode bodies at one time: what is set, or as many as half of the memory budget has room for.</summary>
    /// <param name="exchangeBytes">What one takes of the budget.</param>
    internal int MostDecodingExchanges(int exchangeBytes) => Limits.DecodingExchanges is > 0 and var most
        ? most
        : (int)((Transport.MemoryBudgetBytes is > 0 and var budget ? budget : TransportBudget.DefaultLimitBytes()) / 2 / exchangeBytes);
}
