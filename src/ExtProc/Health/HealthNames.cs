using ExtProc.Session;
using Grpc.AspNetCore.HealthChecks;

namespace ExtProc.Health;

/// <summary>The services whose health the gRPC health service knows, and which checks count for each.</summary>
internal static class HealthNames
{
    /// <summary>The tag of checks that say whether the process lives, whatever else it does.</summary>
    public const string LiveTag = "live";

    /// <summary>What Kubernetes and Envoy ask for before they send exchanges here; the empty name is the server as a whole.</summary>
    public static readonly string[] Ready = ["", "readiness", ExternalProcessorService.Name];

    // A supervisor must not kill what is about to finish, so it stays SERVING to the end.
    private const string Liveness = "liveness";

    /// <summary>Maps the names: all checks count, those of the app too, but for <c>liveness</c>, for which those tagged <c>live</c> count.</summary>
    public static void Map(GrpcHealthChecksOptions health)
    {
        foreach (string name in Ready)
        {
            health.Services.Map(name, _ => true);
        }

        health.Services.Map(Liveness, check => check.Tags.Contains(LiveTag));

        // The package links each watch to the token of the host's end and never lets go of it: a watch would stay in memory until then.
        health.SuppressCompletionOnShutdown = true;
    }
}
