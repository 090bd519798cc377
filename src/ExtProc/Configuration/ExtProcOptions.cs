using ExtProc.Pipeline;
using ExtProc.Transport;

namespace ExtProc.Configuration;

/// <summary>
/// Everything that a running server needs to know: what <c>extproc.yaml</c>, or the app's configuration, says, with flags and environment
/// applied. An app may change it with <c>services.Configure&lt;ExtProcOptions&gt;(…)</c>; <c>IOptions&lt;ExtProcOptions&gt;</c> is the result.
/// </summary>
public sealed record ExtProcOptions
{
    /// <summary>
    /// The ports that Envoy connects to. <c>listen: 127.0.0.1:9000</c> is short for a list of one. In an app they are opened beside the
    /// app's own, with limits of their own and nothing but ext_proc and health behind them; there, none is the default.
    /// </summary>
    [SingularKey("listen")]
    public IReadOnlyList<ListenerOptions> Listeners { get; set; } = [new() { Address = ListenAddress.Loopback(9000) }];

    /// <summary>The port for probes. In an app it is off by default.</summary>
    public AdminOptions Admin { get; set; } = new();

    /// <summary>Whether gRPC reflection, v1 and v1alpha, tells everybody who asks which services there are.</summary>
    public bool Reflection { get; set; }

    /// <summary>Whether each exchange is logged in one line: method, path, status, bytes, times, changes, how it ended.</summary>
    public bool LogExchanges { get; set; }

    /// <summary>Bounds of one exchange in bytes, counts and time.</summary>
    public ExchangeLimits Limits { get; set; } = new();

    /// <summary>Limits of connections and of the whole process.</summary>
    public GrpcTransportOptions Transport { get; set; } = new();

    /// <summary>What the server plays through its processors before it is ready.</summary>
    public RehearsalOptions Rehearsal { get; set; } = new();

    /// <summary>How the server ends.</summary>
    public DrainOptions Drain { get; set; } = new();

    /// <summary>What is declared of the Envoy side.</summary>
    public EnvoyDeclaration Envoy { get; set; } = EnvoyDeclaration.Unknown;

    /// <summary>The processors of every exchange, in request order.</summary>
    public PipelineDefinition Pipeline { get; set; } = PipelineDefinition.PassThrough;

    /// <summary>How many exchanges may decode bodies at one time: what is set, or as many as half of the memory budget has room for.</summary>
    /// <param name="exchangeBytes">What one takes of the budget.</param>
    internal int MostDecodingExchanges(int exchangeBytes) => Limits.DecodingExchanges is > 0 and var most
        ? most
        : (int)((Transport.MemoryBudgetBytes is > 0 and var budget ? budget : TransportBudget.DefaultLimitBytes()) / 2 / exchangeBytes);
}
