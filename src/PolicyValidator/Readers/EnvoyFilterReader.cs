using Envoy.Config.Bootstrap.V3;
using Envoy.Config.Cluster.V3;
using Envoy.Config.Core.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.Reflection;
using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;
using Node = PolicyValidator.Inputs.Node;

namespace PolicyValidator.Readers;

/// <summary>Istio's <c>EnvoyFilter</c>: what its patches insert, add or merge, each as the message that <c>applyTo</c> names.</summary>
internal sealed class EnvoyFilterReader : IInputReader
{
    private static readonly Dictionary<string, MessageDescriptor> Types = new()
    {
        ["LISTENER"] = Listener.Descriptor,
        ["FILTER_CHAIN"] = FilterChain.Descriptor,
        ["NETWORK_FILTER"] = Envoy.Config.Listener.V3.Filter.Descriptor,
        ["HTTP_FILTER"] = HttpFilter.Descriptor,
        ["ROUTE_CONFIGURATION"] = RouteConfiguration.Descriptor,
        ["VIRTUAL_HOST"] = VirtualHost.Descriptor,
        ["HTTP_ROUTE"] = Route.Descriptor,
        ["CLUSTER"] = Cluster.Descriptor,
        ["EXTENSION_CONFIG"] = TypedExtensionConfig.Descriptor,
        ["BOOTSTRAP"] = Bootstrap.Descriptor,
    };

    public string Kind => "Istio EnvoyFilter";

    public bool Reads(Node root) =>
        root is MappingNode mapping && mapping["kind"].Text == "EnvoyFilter" && mapping["apiVersion"].Text?.StartsWith("networking.istio.io/", StringComparison.Ordinal) == true;

    public void Read(SourceDocument document, PolicyBuilder builder)
    {
        KubernetesObject found = KubernetesObject.Read(document);
        builder.Add(DefinitionProblems.Of(found, "Istio"));
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
