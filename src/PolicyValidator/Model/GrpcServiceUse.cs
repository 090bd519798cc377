using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>A <c>GrpcService</c> where a filter or a route names its processor.</summary>
/// <param name="Document">The document it is in.</param>
/// <param name="Config">The filter or the per-route configuration.</param>
/// <param name="Path">The way from there to its fields, with a dot at the end.</param>
internal sealed record GrpcServiceUse(SourceDocument Document, ConfigMessage Config, string Path)
{
    /// <summary>All that are set.</summary>
    public static IEnumerable<GrpcServiceUse> All(PolicySet policies) =>
    [
        .. policies.Filters.Where(filter => filter.Config.Has("grpc_service")).Select(Of),
        .. policies.Overrides.Where(route => route.Config.Has("overrides.grpc_service")).Select(route => new GrpcServiceUse(route.Document, route.Config, "overrides.grpc_service.")),
    ];

    /// <summary>A filter's own.</summary>
    public static GrpcServiceUse Of(ExtProcFilter filter) => new(filter.Document, filter.Config, "grpc_service.");

    /// <summary>Whether a route names it, and not the filter.</summary>
    public bool IsOfRoute => Path.StartsWith("overrides.", StringComparison.Ordinal);

    /// <summary>The cluster of Envoy's own client; not set with Google's.</summary>
    public Located<string> Cluster => Config.String(Path + "envoy_grpc.cluster_name");
}
