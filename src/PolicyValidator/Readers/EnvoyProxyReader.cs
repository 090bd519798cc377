using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>
/// Envoy Gateway's <c>EnvoyProxy</c> whose bootstrap is patched. A bootstrap that is merged or replaced is a text, which is read as a
/// document of its own.
/// </summary>
internal sealed class EnvoyProxyReader : IInputReader
{
    public string Kind => "Envoy Gateway EnvoyProxy";

    public bool Reads(Node root) =>
        root is MappingNode mapping && mapping["kind"].Text == "EnvoyProxy" && mapping["apiVersion"].Text?.StartsWith(EnvoyExtensionPolicyReader.Group + "/", StringComparison.Ordinal) == true;

    public void Read(SourceDocument document, PolicyBuilder builder)
    {
        foreach (KubernetesValue operation in KubernetesObject.Read(document).Spec?["bootstrap"]?.ItemsOf("jsonPatches") ?? [])
        {
            PatchedValue.Read(document, builder, operation, EnvoyMessages.Bootstrap);
        }
    }
}
