using ExtProc.Pipeline;

namespace ExtProc.Configuration;

/// <summary>Everything that a running server needs to know: what <c>extproc.yaml</c> says, with flags and environment applied.</summary>
public sealed record ExtProcOptions
{
    /// <summary>What is declared of the Envoy side.</summary>
    public EnvoyDeclaration Envoy { get; init; } = EnvoyDeclaration.Unknown;

    /// <summary>Bounds in bytes, counts and time.</summary>
    public ExchangeLimits Limits { get; init; } = new();

    /// <summary>The processors of every exchange, in request order.</summary>
    public PipelineDefinition Pipeline { get; init; } = PipelineDefinition.PassThrough;
}
