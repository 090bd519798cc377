using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>A listener of Envoy that Envoy Gateway makes for a Gateway of the input.</summary>
/// <param name="Gateway">The Gateway.</param>
/// <param name="Name">The name of Envoy's listener: namespace, Gateway, and the first of the Gateway's listeners on the port.</param>
internal sealed record GatewayListener(KubernetesObject Gateway, string Name)
{
    private const string Group = "gateway.networking.k8s.io";

    /// <summary>The most listeners that the definition of a Gateway takes.</summary>
    private const int MostListeners = 64;

    /// <summary>The most parents that the definition of a route takes; of a policy's targets it is half of that.</summary>
    private const int MostParents = 32;

    /// <summary>The listeners that a policy's routes are on; empty when the Gateways are not among the inputs.</summary>
    public static IReadOnlyList<GatewayListener> Of(PolicySet policies, KubernetesObject policy) => policies.PatchIndex.ListenersOf(policy);

    /// <summary>The same, looked for; <see cref="PatchIndex"/> keeps it.</summary>
    public static IReadOnlyList<GatewayListener> Find(PolicySet policies, KubernetesObject policy) =>
    [
        .. Targets(policies, policy)
            .SelectMany(target => IsGateway(target)
                ? Gateways(policies, policy.Namespace, target.TextOf("name")).SelectMany(gateway => On(policies, gateway, target.TextOf("sectionName"), null))
                : Routes(policies, policy, target).SelectMany(route => policies.PatchIndex.ListenersOfRoute(route)))
            .DistinctBy(listener => listener.Name),
    ];

    /// <summary>Whether a policy's filters are in a listener of Envoy's; null where the objects that say so are not among the inputs.</summary>
    public static bool? IsOn(PolicySet policies, KubernetesObject policy, string listener)
    {
        IReadOnlyList<GatewayListener> known = Of(policies, policy);
        KubernetesValue[] targets = [.. Targets(policies, policy)];
        return known.Any(each => each.Name == listener) || targets.Any(target => IsGateway(target) && listener.StartsWith($"{policy.Namespace}/{target.TextOf("name")}/", StringComparison.Ordinal)) ? true
            : known.Count > 0 || (targets.Length > 0 && targets.All(IsGateway)) ? false
            : null;
    }

    private static bool IsGateway(KubernetesValue target) => target.TextOf("kind") == "Gateway";

    private static IEnumerable<KubernetesValue> Targets(PolicySet policies, KubernetesObject policy) =>
        policy.Spec is not { } spec ? [] : [.. new[] { spec["targetRef"] }.OfType<KubernetesValue>(), .. First(policies, policy, "targetRefs", MostParents / 2)];

    /// <summary>What stands in a list of an object's spec, up to what its definition takes.</summary>
    private static IReadOnlyList<KubernetesValue> First(PolicySet policies, KubernetesObject holder, string list, int most) => policies.Unjudged.First(
        holder.Spec?.ItemsOf(list) ?? [],
        most,
        () => $"{list} of the {holder.Kind} {holder.Name}",
        item => (holder.Document, item.Node),
        UnjudgedParts.ApiServerTakesLess);

    private static IEnumerable<KubernetesObject?> Routes(PolicySet policies, KubernetesObject policy, KubernetesValue target) =>
        policies.ObjectIndex.Named(Group, target.TextOf("kind") ?? "", policy.Namespace, target.TextOf("name"))
            .DefaultIfEmpty<KubernetesObject?>(null);

    /// <summary>A route that is not among the inputs is on the only Gateway that is.</summary>
    /// <param name="policies">What was read.</param>
    /// <param name="route">The route; null for one that is not among the inputs.</param>
    public static IEnumerable<GatewayListener> OfRoute(PolicySet policies, KubernetesObject? route)
    {
        IReadOnlyList<KubernetesObject> all = policies.ObjectIndex.Of(Group, "Gateway");
        return route is null
            ? all is [var only] ? On(policies, only, null, null) : []
            : from parent in First(policies, route, "parentRefs", MostParents)
              where (parent.TextOf("kind") ?? "Gateway") == "Gateway"
              from gateway in Gateways(policies, parent.TextOf("namespace") ?? route.Namespace, parent.TextOf("name"))
              from listener in On(policies, gateway, parent.TextOf("sectionName"), parent.TextOf("port"))
              select listener;
    }

    private static IEnumerable<KubernetesObject> Gateways(PolicySet policies, string @namespace, string? name) =>
        policies.ObjectIndex.Named(Group, "Gateway", @namespace, name);

    /// <summary>Listeners that share a port share Envoy's listener, which has the name of the first.</summary>
    private static IEnumerable<GatewayListener> On(PolicySet policies, KubernetesObject gateway, string? section, string? port)
    {
        IReadOnlyList<KubernetesValue> all = First(policies, gateway, "listeners", MostListeners);
        return from listener in all
               where listener.TextOf("protocol") is null or "HTTP" or "HTTPS"
               where (section is null || listener.TextOf("name") == section) && (port is null || listener.TextOf("port") == port)
               let first = all.First(each => each.TextOf("port") == listener.TextOf("port"))
               select new GatewayListener(gateway, $"{gateway.Namespace}/{gateway.Name}/{first.TextOf("name")}");
    }
}
