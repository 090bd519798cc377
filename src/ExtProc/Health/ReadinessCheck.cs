using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ExtProc.Health;

/// <summary>Whether this server takes new exchanges: not before it is ready, and no more when it drains.</summary>
internal sealed class ReadinessCheck(Readiness readiness) : IHealthCheck
{
    /// <summary>The check's name in ASP.NET Core's health checks.</summary>
    public const string Name = "extproc";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(readiness.IsReady ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(readiness.State));
}
