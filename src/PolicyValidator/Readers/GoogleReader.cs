using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;

namespace PolicyValidator.Readers;

/// <summary>
/// The extensions of Google's load balancers, as GKE's resources or as the files that gcloud imports. Whether the load balancer's Envoy does
/// what they say is Google's own matter: they are held against their definitions, and rules look at their events and send modes.
/// </summary>
internal sealed class GoogleReader : IInputReader
{
    public string Kind => "GKE GCPTrafficExtension, GCPRoutingExtension, GCPEdgeExtension, GCPAuthzExtension; gcloud's extension files";

    public bool Reads(Node root) => ResourceDefinitions.IsIn(root, "networking.gke.io") || LoadBalancerFile.Is(root);

    public void Read(SourceDocument document, PolicyBuilder builder) => builder.Add(ResourceDefinitions.Of(document.Root!) is { } definition
        ? definition.Problems(KubernetesObject.Read(document), builder.Target)
        : LoadBalancerFile.Problems(document));
}
