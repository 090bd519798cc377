using Google.Protobuf.Reflection;
using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>Istio's <c>EnvoyFilter</c>: what its patches insert, add or merge, each as the message that <c>applyTo</c> names.</summary>
internal sealed class EnvoyFilterReader : IInputReader
{
    private static readonly Dictionary<string, MessageDescriptor> Types = new()
    {
        ["LISTENER"] = EnvoyMessages.Listener,
        ["FILTER_CHAIN"] = EnvoyMessages.FilterChain,
        ["NETWORK_FILTER"] = EnvoyMessages.NetworkFilter,
        ["HTTP_FILTER"] = EnvoyMessages.HttpFilter,
        ["ROUTE_CONFIGURATION"] = EnvoyMessages.RouteConfiguration,
        ["VIRTUAL_HOST"] = EnvoyMessages.VirtualHost,
        ["HTTP_ROUTE"] = EnvoyMessages.Route,
        ["CLUSTER"] = EnvoyMessages.Cluster,
        ["EXTENSION_CONFIG"] = EnvoyMessages.TypedExtensionConfig,
        ["BOOTSTRAP"] = EnvoyMessages.Bootstrap,
    };

    public string Kind => "Istio EnvoyFilter";

    public bool Reads(Node root) =>
        root is MappingNode mapping && mapping["kind"].Text == "EnvoyFilter" && mapping["apiVersion"].Text?.StartsWith("networking.istio.io/", StringComparison.Ordinal) == true;

    public void Read(SourceDocument document, PolicyBuilder builder)
    {
        KubernetesObject found = KubernetesObject.Read(document);
        builder.Add(ResourceDefinitions.Of(document.Root!)!.Problems(found, builder.Target));
        foreach (KubernetesValue patch in found.Spec?.ItemsOf("configPatches") ?? [])
        {
            // A filter that is merged into one that is not known says too little to be judged by itself; a rule of its own looks at those.
            bool isHalf = patch.TextOf("applyTo") == "HTTP_FILTER" && patch["patch"]?.TextOf("operation")?.StartsWith("MERGE", StringComparison.Ordinal) == true;
            if (!isHalf && patch["patch"]?["value"]?.Node is MappingNode value && Types.TryGetValue(patch.TextOf("applyTo") ?? "", out MessageDescriptor? type))
            {
                new ConfigWalker(document with { Root = value, IsPart = true }, builder, isDynamic: true).Root(type);
            }
        }
    }
}
