using Grpc.AspNetCore.HealthChecks;
using Grpc.HealthCheck;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace ExtProc.Health;

/// <summary>
/// What the gRPC health service says of each service. <c>Check</c> runs the checks; those who <c>Watch</c> learn of a change from a publisher
/// that runs them twice a minute, and here at once where the change is this server's own.
/// </summary>
internal sealed class HealthStatuses(HealthServiceImpl watched, HealthCheckService checks, IOptions<GrpcHealthChecksOptions> options)
{
    /// <summary>Tells those who watch that no new exchange should come.</summary>
    public void SetNotServing()
    {
        foreach (string service in HealthNames.Ready)
        {
            watched.SetStatus(service, ServingStatus.NotServing);
        }
    }

    /// <summary>Tells those who watch what the checks say now.</summary>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        foreach ((string service, ServingStatus status) in await EvaluateAsync(cancellationToken).ConfigureAwait(false))
        {
            watched.SetStatus(service, status);
        }
    }

    /// <summary>Runs the checks; the status of each known service.</summary>
    public async Task<IReadOnlyList<(string Service, ServingStatus Status)>> EvaluateAsync(CancellationToken cancellationToken)
    {
        HealthReport report = await checks.CheckHealthAsync(cancellationToken).ConfigureAwait(false);
        return [.. options.Value.Services.Select(service => (service.Name, StatusOf(service, report)))];
    }

    private static ServingStatus StatusOf(ServiceMapping service, HealthReport report)
    {
        HealthStatus[] results =
        [
            .. report.Entries.Where(entry => service.HealthCheckPredicate?.Invoke(new HealthCheckMapContext(entry.Key, entry.Value.Tags)) ?? true)
                .Select(entry => entry.Value.Status),
        ];
        return results.Length == 0 ? ServingStatus.Unknown : results.Contains(HealthStatus.Unhealthy) ? ServingStatus.NotServing : ServingStatus.Serving;
    }
}
