using Google.Protobuf.Reflection;
using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>
/// Envoy Gateway's <c>EnvoyPatchPolicy</c>: whole messages that its patches put into Envoy's configuration, known by their own type or by
/// the path to which they go. Patches of single fields are looked at beside the policies whose filters they change.
/// </summary>
internal sealed class EnvoyPatchPolicyReader : IInputReader
{
    private static readonly Dictionary<string, MessageDescriptor> Types = new(StringComparer.Ordinal)
    {
        [ListenerPatch.ListenerType] = EnvoyMessages.Listener,
        ["type.googleapis.com/envoy.config.route.v3.RouteConfiguration"] = EnvoyMessages.RouteConfiguration,
        [Clusters.Type] = EnvoyMessages.Cluster,
    };

    public string Kind => "Envoy Gateway EnvoyPatchPolicy";

    public bool Reads(Node root) =>
        root is MappingNode mapping && mapping["kind"].Text == "EnvoyPatchPolicy" && mapping["apiVersion"].Text?.StartsWith(EnvoyExtensionPolicyReader.Group + "/", StringComparison.Ordinal) == true;

    public void Read(SourceDocument document, PolicyBuilder builder)
    {
        KubernetesObject found = KubernetesObject.Read(document);
        builder.Add(ResourceDefinitions.Of(document.Root!)!.Problems(found, builder.Target));
        foreach (KubernetesValue patch in found.Spec?.ItemsOf("jsonPatches") ?? [])
        {
            if (patch["operation"] is { } operation)
            {
                PatchedValue.Read(document, builder, operation, Types.GetValueOrDefault(patch.TextOf("type") ?? ""));
            }
        }
    }
}
