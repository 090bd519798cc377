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
    public string Kind => "Envoy Gateway EnvoyPatchPolicy";

    public bool Reads(Node root) =>
        root is MappingNode mapping && mapping["kind"].Text == "EnvoyPatchPolicy" && mapping["apiVersion"].Text?.StartsWith(EnvoyExtensionPolicyReader.Group + "/", StringComparison.Ordinal) == true;

    public void Read(SourceDocument document, PolicyBuilder builder)
    {
        KubernetesObject found = KubernetesObject.Read(document);
        builder.Add(DefinitionProblems.Of(found, "Envoy Gateway", builder.Target.EnvoyGateway));
        foreach (KubernetesValue patch in found.Spec?.ItemsOf("jsonPatches") ?? [])
        {
            if (patch["operation"] is { } operation && operation.TextOf("op") is "add" or "replace" && patch["operation"]!["value"]?.Node is { } value)
            {
                Walk(new ConfigWalker(document with { Root = value, IsPart = true }, builder, isDynamic: false), value, patch, patch["operation"]!);
            }
        }
    }

    private static void Walk(ConfigWalker walker, Node value, KubernetesValue patch, KubernetesValue operation)
    {
        string path = $"{operation.TextOf("jsonPath")}/{operation.TextOf("path")}".TrimEnd('/');
        string type = patch.TextOf("type") ?? "";
        switch (value)
        {
            case MappingNode typed when typed["@type"] is not null:
                walker.AnyAlone(value);
                break;
            case MappingNode filter when filter.Field("typed_config") is not null && path.Contains("http_filters", StringComparison.Ordinal):
                walker.Root(EnvoyMessages.HttpFilter);
                break;
            case SequenceNode when path.EndsWith("http_filters", StringComparison.Ordinal):
                walker.FiltersAlone(value);
                break;
            case MappingNode when path.EndsWith("typed_per_filter_config", StringComparison.Ordinal):
                walker.OverridesAlone(value);
                break;
            case MappingNode when path.Length == 0 && type.EndsWith(".Listener", StringComparison.Ordinal):
                walker.Root(EnvoyMessages.Listener);
                break;
            case MappingNode when path.Length == 0 && type.EndsWith(".RouteConfiguration", StringComparison.Ordinal):
                walker.Root(EnvoyMessages.RouteConfiguration);
                break;
            case MappingNode when path.Length == 0 && type.EndsWith(".Cluster", StringComparison.Ordinal):
                walker.Root(EnvoyMessages.Cluster);
                break;
        }
    }
}
