using PolicyValidator.Inputs;
using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Kubernetes;

/// <summary>The kinds whose definitions are known.</summary>
internal static class ResourceDefinitions
{
    private const string EnvoyGatewayGroup = "gateway.envoyproxy.io", KgatewayGroup = "gateway.kgateway.dev", GkeGroup = "networking.gke.io";

    private static readonly Func<ProductVersion, string> OfEnvoyGateway = static release => $"Envoy Gateway {release}";
    private static readonly Func<ProductVersion, string> OfKgateway = static release => $"kgateway {release.Line}";
    private static readonly Func<ProductVersion, string> OfGke = static _ => "GKE";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ResourceDefinition> All { get; } =
    [
        new(EnvoyGatewayGroup, "EnvoyExtensionPolicy", "v1alpha1", OfEnvoyGateway)
        {
            ReleaseOf = static target => target.EnvoyGateway,
            Rules = [.. TargetRules.All, .. ExtProcRules.All, .. BackendSettingsRules.All, .. CodeRules.All],
        },
        new(EnvoyGatewayGroup, "EnvoyPatchPolicy", null, OfEnvoyGateway) { ReleaseOf = static target => target.EnvoyGateway },
        new("networking.istio.io", "EnvoyFilter", null, static release => $"Istio {release}"),
        new(KgatewayGroup, "GatewayExtension", "v1alpha1", OfKgateway) { ReleaseOf = static target => target.Kgateway, Rules = KgatewayRules.OfGatewayExtension },
        new(KgatewayGroup, "TrafficPolicy", "v1alpha1", OfKgateway) { ReleaseOf = static target => target.Kgateway, Rules = KgatewayRules.OfTrafficPolicy },
        new("agentgateway.dev", "AgentgatewayPolicy", "v1alpha1", static release => $"agentgateway {release.Line}")
        {
            ReleaseOf = static target => target.Agentgateway,
            Rules = AgentgatewayRules.All,
        },
        new(GkeGroup, "GCPTrafficExtension", "v1", OfGke) { Rules = GkeRules.OfTrafficExtension },
        new(GkeGroup, "GCPRoutingExtension", "v1", OfGke) { Rules = GkeRules.OfRoutingExtension },
        new(GkeGroup, "GCPEdgeExtension", null, OfGke),
        new(GkeGroup, "GCPAuthzExtension", null, OfGke),
    ];

    /// <summary>The definition of an object's kind; null when it is not known.</summary>
    public static ResourceDefinition? Of(Node root) => root is MappingNode mapping && mapping["apiVersion"].Text is { } version && mapping["kind"].Text is { } kind
        ? All.FirstOrDefault(each => each.Kind == kind && version.StartsWith(each.Group + "/", StringComparison.Ordinal))
        : null;

    /// <summary>Whether an object is of a product's kinds, all of which are in one group.</summary>
    public static bool IsIn(Node root, string group) => Of(root)?.Group == group;
}
