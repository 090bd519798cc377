using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Rules;

/// <summary>An extension that chooses routes and asks for what only others have.</summary>
internal sealed class EP058RouteExtensionSeesResponse : Rule
{
    private static readonly string[] Streamed = ["Streamed", "STREAMED", "BODY_SEND_MODE_STREAMED"];

    public override string Id => "EP058";
    public override string Name => "route-extension-sees-response";
    public override Severity Severity => Severity.Error;
    public override string Summary => "A GCPRoutingExtension, or an LbRouteExtension, sees requests only, their bodies in full duplex, and is one extension a chain.";
    public override string Why => "The definition of the GKE resource lets it pass, but the load balancer's API, to which it goes, refuses an LbRouteExtension with it: the extension is never attached.";
    public override IReadOnlyList<string> Sources => ["LbRouteExtension of the Network Services API, extensionChains.extensions.supportedEvents, requestBodySendMode"];
    public override string Bad => """
        apiVersion: networking.gke.io/v1
        kind: GCPRoutingExtension
        metadata:
          name: router
        spec:
          targetRefs:
          - group: gateway.networking.k8s.io
            kind: Gateway
            name: internal
          extensionChains:
          - name: chain
            extensions:
            - name: router
              authority: router.example.com
              timeout: 1s
              supportedEvents:
              - RequestHeaders
              - ResponseHeaders # EP058
              backendRef:
                kind: Service
                name: router
                port: 9000

        """;
    public override string Good => Bad.Replace("      - ResponseHeaders # EP058\n", "", StringComparison.Ordinal);

    public override IEnumerable<Finding> Check(RuleContext context) =>
        GoogleExtension.All(context.Policies).Where(extension => extension.IsRoute).SelectMany(Refused);

    private IEnumerable<Finding> Refused(GoogleExtension extension) =>
    [
        .. from each in extension.Events?.Items ?? []
           where each.Text.StartsWith("Response", StringComparison.OrdinalIgnoreCase)
           select At(extension.Document, each.Node, $"{each.Text}, which an extension that chooses routes is not called for", "remove it, or use a traffic extension"),
        .. from direction in Direction.Both
           let mode = extension.SendMode(direction)
           where mode is not null && (direction == Direction.Response || Streamed.Contains(mode.Text))
           select direction == Direction.Response
               ? At(extension.Document, mode.Node, "a send mode for responses, which an extension that chooses routes does not see", "remove it, or use a traffic extension")
               : At(extension.Document, mode.Node, $"a request body that is {mode.Text}", "use the full-duplex mode, or remove the body from supportedEvents"),
        .. extension.IsFirst ? [] : (Finding[])[At(extension.Document, extension.Value.Node, "a second extension in the chain of one that chooses routes", "write a chain for each")],
    ];
}
