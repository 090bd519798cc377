using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A processor in another namespace that no ReferenceGrant lets the policy use.</summary>
internal sealed class EP188ReferenceNotGranted : Rule
{
    private const string Group = "gateway.networking.k8s.io";

    public override string Id => "EP188";
    public override string Name => "reference-not-granted";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "A backendRef into another namespace needs a ReferenceGrant there.";
    public override string Why => "Without it the policy is not accepted, and Envoy Gateway answers 500 on the routes that it is for.";
    public override IReadOnlyList<string> Sources => ["ReferenceGrant, spec.from, spec.to", "EnvoyExtensionPolicy, spec.extProc.backendRefs", "GatewayExtension, spec.extProc.grpcService.backendRef"];
    public override string Bad => """
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyExtensionPolicy
        metadata:
          name: processor
          namespace: shop
        spec:
          targetRefs:
          - group: gateway.networking.k8s.io
            kind: HTTPRoute
            name: backend
          extProc:
          - backendRefs:
            - name: processor
              namespace: platform # EP188
              port: 9002
            processingMode:
              request: {}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: processor
          namespace: platform
        spec:
          ports:
          - port: 9002

        """;
    public override string Good => Bad.Replace(" # EP188", "", StringComparison.Ordinal) + """
        ---
        apiVersion: gateway.networking.k8s.io/v1beta1
        kind: ReferenceGrant
        metadata:
          name: processor
          namespace: platform
        spec:
          from:
          - group: gateway.envoyproxy.io
            kind: EnvoyExtensionPolicy
            namespace: shop
          to:
          - group: ""
            kind: Service

        """;

    /// <summary>A ReferenceGrant has at most so many entries in either list.</summary>
    private const int MostEntries = 16;

    public override IEnumerable<Finding> Check(RuleContext context)
    {
        var foreign = (
            from holder in context.Policies.Objects
            from backend in Backends(holder)
            let target = backend.TextOf("namespace")
            where target is not null && target != holder.Namespace
            select (holder, backend, target)).ToArray();
        HashSet<string> targets = [.. foreign.Select(each => each.target)];
        HashSet<Grant> grants =
        [
            .. context.Policies.ObjectIndex.Of(Group, "ReferenceGrant")
                .Where(grant => targets.Contains(grant.Namespace))
                .SelectMany(grant => GrantsOf(grant, context.Policies.Unjudged)),
        ];
        return
            from each in foreign
            let holder = each.holder
            let backend = each.backend
            let target = each.target
            from service in Services.Named(context.Policies, holder, backend)
            let grant = new Grant(target, holder.Group, holder.Kind, holder.Namespace, null)
            where !grants.Contains(grant) && !grants.Contains(grant with { Name = service.Object.Name })
            select At(
                holder.Document,
                backend["namespace"]!.Node,
                $"no ReferenceGrant in the namespace {target} lets a {holder.Kind} of {holder.Namespace} use the Service {service.Object.Name}",
                $"add a ReferenceGrant in {target} from {holder.Group}/{holder.Kind} in {holder.Namespace} to Service") with
            {
                Related = [RelatedPlace.At(service.Object.Document, (service.Object.Value["metadata"]?["name"] ?? service.Object.Value).Node, "the Service")],
            };
    }

    private static IEnumerable<KubernetesValue> Backends(KubernetesObject holder) =>
        holder.IsA("gateway.envoyproxy.io", "EnvoyExtensionPolicy") ? holder.Spec?.ItemsOf("extProc").SelectMany(entry => entry.ItemsOf("backendRefs")) ?? []
        : holder.IsA("gateway.kgateway.dev", "GatewayExtension") && holder.Spec?["extProc"]?["grpcService"]?["backendRef"] is { } backend ? [backend]
        : [];

    private static IEnumerable<Grant> GrantsOf(KubernetesObject grant, UnjudgedParts unjudged) =>
        from who in First(grant, "from", unjudged)
        from to in First(grant, "to", unjudged)
        where (to.TextOf("group") ?? "").Length == 0 && to.TextOf("kind") == "Service"
        select new Grant(grant.Namespace, who.TextOf("group"), who.TextOf("kind"), who.TextOf("namespace"), to.TextOf("name"));

    private static IReadOnlyList<KubernetesValue> First(KubernetesObject grant, string list, UnjudgedParts unjudged) => unjudged.First(
        grant.Spec?.ItemsOf(list) ?? [],
        MostEntries,
        () => $"entries of {list} in the ReferenceGrant {grant.Name}",
        entry => (grant.Document, entry.Node),
        UnjudgedParts.ApiServerTakesLess);

    /// <summary>Who may refer to the Services of a namespace.</summary>
    /// <param name="Namespace">The Services' namespace.</param>
    /// <param name="FromGroup">The group of those who may.</param>
    /// <param name="FromKind">Their kind.</param>
    /// <param name="FromNamespace">Their namespace.</param>
    /// <param name="Name">The Service; null for all.</param>
    private sealed record Grant(string Namespace, string? FromGroup, string? FromKind, string? FromNamespace, string? Name);
}
