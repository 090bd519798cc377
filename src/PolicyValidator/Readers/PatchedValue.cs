using Google.Protobuf.Reflection;
using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>What a JSON patch writes into Envoy's configuration: known by its own type, or by the field at the end of the way to it.</summary>
internal static class PatchedValue
{
    private static readonly Dictionary<string, MessageDescriptor> Fields = new(StringComparer.Ordinal)
    {
        ["listeners"] = EnvoyMessages.Listener,
        ["clusters"] = EnvoyMessages.Cluster,
        ["filter_chains"] = EnvoyMessages.FilterChain,
        ["default_filter_chain"] = EnvoyMessages.FilterChain,
        ["filters"] = EnvoyMessages.NetworkFilter,
        ["http_filters"] = EnvoyMessages.HttpFilter,
        ["upstream_http_filters"] = EnvoyMessages.HttpFilter,
        ["route_config"] = EnvoyMessages.RouteConfiguration,
        ["virtual_hosts"] = EnvoyMessages.VirtualHost,
        ["routes"] = EnvoyMessages.Route,
    };

    /// <summary>Walks the value of an operation that adds or replaces one.</summary>
    /// <param name="document">The document of the patch.</param>
    /// <param name="builder">Collects what is found.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="whole">The message that the patch is for.</param>
    public static void Read(SourceDocument document, PolicyBuilder builder, KubernetesValue operation, MessageDescriptor? whole)
    {
        if (operation.TextOf("op") is not ("add" or "replace") || operation["value"]?.Node is not { } value)
        {
            return;
        }

        string field = PatchWay.LastName(operation);
        switch (value)
        {
            case MappingNode typed when typed["@type"] is not null:
                Walker(value).AnyAlone(value);
                break;
            case SequenceNode when field.EndsWith("http_filters", StringComparison.Ordinal):
                Walker(value).FiltersAlone(value);
                break;
            case MappingNode when field == "typed_per_filter_config":
                Walker(value).OverridesAlone(value);
                break;
            case MappingNode when field.Length == 0 && whole is not null:
                Walker(value).Root(whole);
                break;
            case MappingNode or SequenceNode when Fields.TryGetValue(field, out MessageDescriptor? type):
                foreach (MappingNode each in value.Mappings)
                {
                    Walker(each).Root(type);
                }

                break;
        }

        ConfigWalker Walker(Node root) => new(document with { Root = root, IsPart = true }, builder, isDynamic: false);
    }
}
