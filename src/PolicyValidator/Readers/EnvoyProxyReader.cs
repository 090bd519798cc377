using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>
/// Envoy Gateway's <c>EnvoyProxy</c>: patches of the bootstrap, or the text of one, which is read as a document of its own. Envoy Gateway
/// merges that into a bootstrap of its own, unless it is to replace it.
/// </summary>
internal sealed class EnvoyProxyReader : IInputReader
{
    public string Kind => "Envoy Gateway EnvoyProxy";

    public bool Reads(Node root) =>
        root is MappingNode mapping && mapping["kind"].Text == "EnvoyProxy" && mapping["apiVersion"].Text?.StartsWith(EnvoyExtensionPolicyReader.Group + "/", StringComparison.Ordinal) == true;

    public void Read(SourceDocument document, PolicyBuilder builder)
    {
        KubernetesValue? bootstrap = KubernetesObject.Read(document).Spec?["bootstrap"];
        foreach (KubernetesValue operation in bootstrap?.ItemsOf("jsonPatches") ?? [])
        {
            PatchedValue.Read(document, builder, operation, EnvoyMessages.Bootstrap);
        }

        if (bootstrap?["value"]?.Node is ScalarNode text)
        {
            bool isPart = bootstrap.TextOf("type") is not (null or "Replace");
            new TextParts(document with { IsPart = isPart }, builder).Add(text, "bootstrap.yaml", text.Value);
        }
    }
}
