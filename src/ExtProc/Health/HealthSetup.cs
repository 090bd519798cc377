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
        int others = ChecksIn(services);
        services.AddGrpcHealthChecks(HealthNames.Map)
            .AddCheck<ReadinessCheck>(ReadinessCheck.Name, tags: ["ready"])
            .AddCheck(LiveCheck, () => HealthCheckResult.Healthy(), [HealthNames.LiveTag]);

        // A drain is not an error, and is logged. The checks' own category reports each probe that learns of it as one. The checks are counted and
        // not made: what configures an app's may want a log, which is about to be made here.
        int ours = ChecksIn(services) - others;
        services.Configure<LoggerFilterOptions>(filters =>
        {
            if (ChecksIn(services) == ours)
            {
                filters.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
            }
        });
    }

    private static int ChecksIn(IServiceCollection services) => services.Count(service => service.ServiceType == typeof(IConfigureOptions<HealthCheckServiceOptions>));
}
