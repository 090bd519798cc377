using Envoy.Admin.V3;
using Envoy.Config.Bootstrap.V3;
using Envoy.Config.Listener.V3;
using Envoy.Config.Route.V3;
using Envoy.Extensions.Filters.Http.ExtProc.V3;
using Envoy.Extensions.Filters.Network.HttpConnectionManager.V3;
using Google.Protobuf.Reflection;
using PolicyValidator.Inputs;

namespace PolicyValidator.Readers;

/// <summary>
/// A message that does not say its type, known by a field that only this kind has: a bootstrap, a config dump, a listener, a route
/// configuration, or a piece of one down to the filter's own config.
/// </summary>
internal sealed class EnvoyMessageReader : IInputReader
{
    /// <summary>From the whole to the parts; a mapping with any of the fields is taken for the message.</summary>
    private static readonly (MessageDescriptor Type, string[] Fields)[] Kinds =
    [
        (Bootstrap.Descriptor, ["static_resources", "dynamic_resources", "layered_runtime", "cluster_manager", "stats_sinks"]),
        (ConfigDump.Descriptor, ["configs"]),
        (Listener.Descriptor, ["filter_chains", "default_filter_chain", "api_listener"]),
        (FilterChain.Descriptor, ["filter_chain_match"]),
        (RouteConfiguration.Descriptor, ["virtual_hosts", "vhds"]),
        (HttpConnectionManager.Descriptor, ["http_filters", "route_config", "codec_type"]),
        (VirtualHost.Descriptor, ["domains"]),
        (Route.Descriptor, ["match"]),
        (HttpFilter.Descriptor, ["typed_config", "config_discovery"]),
        (ExternalProcessor.Descriptor, [.. ExternalProcessor.Descriptor.Fields.InDeclarationOrder().Select(field => field.Name)]),
        (ExtProcPerRoute.Descriptor, ["overrides", "disabled"]),
    ];

    public string Kind => "Envoy bootstrap, config_dump, listener, route configuration, connection manager, http_filters entry, ExternalProcessor, ExtProcPerRoute";

    public bool Reads(Node root) => TypeOf(root) is not null;

    public void Read(SourceDocument document, PolicyBuilder builder) =>
        new ConfigWalker(document, builder, isDynamic: false).Root(TypeOf(document.Root!)!);

    /// <summary>Kubernetes objects have fields of the same names; they are another reader's.</summary>
    private static MessageDescriptor? TypeOf(Node root) => root is MappingNode mapping && mapping["apiVersion"] is null
        ? Kinds.FirstOrDefault(kind => kind.Fields.Any(field => mapping.FieldEntry(field) is not null)).Type
        : null;
}
