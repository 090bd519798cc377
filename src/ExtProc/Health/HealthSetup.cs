using ExtProc.Transport;
using Grpc.AspNetCore.Server.Model;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ExtProc.Health;

/// <summary>Adds this server's part to the health checks of its host.</summary>
internal static class HealthSetup
{
    private const string LiveCheck = "extproc-live";

    public static void AddExtProcHealth(this IServiceCollection services)
    {
        services.TryAddSingleton<Readiness>();
        services.TryAddSingleton<HealthStatuses>();
        services.TryAddSingleton<HealthRoutes>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, YieldingEndpoints>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IServiceMethodProvider<HealthListService>, HealthListService>());
        services.AddGrpc().AddServiceOptions<HealthListService>(options => options.SuppressCreatingService = true);
        services.AddGrpcHealthChecks(HealthNames.Map)
            .AddCheck<ReadinessCheck>(ReadinessCheck.Name, tags: ["ready"])
            .AddCheck(LiveCheck, () => HealthCheckResult.Healthy(), [HealthNames.LiveTag]);

        // A drain is not an error, and is logged. The checks' own category reports each probe that learns of it as one.
        services.AddOptions<LoggerFilterOptions>().Configure<IOptions<HealthCheckServiceOptions>>((filters, checks) =>
        {
            if (checks.Value.Registrations.All(check => check.Name is ReadinessCheck.Name or LiveCheck))
            {
                filters.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
            }
        });
    }
}
