using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>A processor behind a Service that does not say that it speaks HTTP/2.</summary>
internal sealed class EP182ServiceWithoutHttp2 : Rule
{
    private static readonly string[] Http2 = ["kubernetes.io/h2c", "grpc", "HTTP2", "h2c"];

    public override string Id => "EP182";
    public override string Name => "service-without-http2";
    public override Severity Severity => Severity.Warning;
    public override string Summary => "The port of a processor's Service says by appProtocol that it speaks HTTP/2.";
    public override string Why => "kgateway and GKE read it there and speak HTTP/1.1 otherwise: every gRPC stream fails, and every request fails or passes unprocessed.";
    public override IReadOnlyList<string> Sources => ["Service, spec.ports.appProtocol", "GatewayExtension, spec.extProc.grpcService.backendRef", "GCPTrafficExtension, backendRef"];
    public override string Bad => """
        apiVersion: gateway.kgateway.dev/v1alpha1
        kind: GatewayExtension
        metadata:
          name: processor
        spec:
          extProc:
            grpcService:
              backendRef:
                name: processor # EP182
                port: 9000
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: processor
        spec:
          ports:
          - port: 9000

        """;
    public override string Good => Bad.Replace(" # EP182", "", StringComparison.Ordinal) + """
            appProtocol: kubernetes.io/h2c

        """;

    public override IEnumerable<Finding> Check(RuleContext context) =>
        from use in Uses(context.Policies)
        from service in Services.Named(context.Policies, use.Holder, use.Backend)
        let port = service.PortOf(use.Backend.TextOf("port"))
        where port is not null && !Http2.Contains(port.TextOf("appProtocol"), StringComparer.OrdinalIgnoreCase)
        select At(
            use.Holder.Document,
            (use.Backend["name"] ?? use.Backend).Node,
            $"port {port.TextOf("port")} of the Service {service.Object.Namespace}/{service.Object.Name} does not say that it speaks HTTP/2",
            $"set appProtocol: {(use.IsGoogle ? "HTTP2" : "kubernetes.io/h2c")} on that port") with
        {
            Related = [RelatedPlace.At(service.Object.Document, port.Node, "the port")],
        };

    private static IEnumerable<(KubernetesObject Holder, KubernetesValue Backend, bool IsGoogle)> Uses(PolicySet policies) =>
        from holder in policies.Objects
        let isGoogle = holder.Group == "networking.gke.io" && holder.Kind is "GCPTrafficExtension" or "GCPRoutingExtension"
        let backends = holder.IsA("gateway.kgateway.dev", "GatewayExtension") ? new[] { holder.Spec?["extProc"]?["grpcService"]?["backendRef"] }
            : isGoogle ? holder.Spec?.ItemsOf("extensionChains").SelectMany(chain => chain.ItemsOf("extensions")).Select(extension => extension["backendRef"]) ?? []
            : []
        from backend in backends
        where backend is not null
        select (holder, backend, isGoogle);
}
