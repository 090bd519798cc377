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
        (EnvoyMessages.Bootstrap, ["static_resources", "dynamic_resources", "layered_runtime", "cluster_manager", "stats_sinks"]),
        (EnvoyMessages.ConfigDump, ["configs"]),
        (EnvoyMessages.Listener, ["filter_chains", "default_filter_chain", "api_listener"]),
        (EnvoyMessages.FilterChain, ["filter_chain_match"]),
        (EnvoyMessages.RouteConfiguration, ["virtual_hosts", "vhds"]),
        (EnvoyMessages.HttpConnectionManager, ["http_filters", "route_config", "codec_type"]),
        (EnvoyMessages.VirtualHost, ["domains"]),
        (EnvoyMessages.Route, ["match"]),
        (EnvoyMessages.HttpFilter, ["typed_config", "config_discovery"]),
        (EnvoyMessages.ExternalProcessor, [.. EnvoyMessages.ExternalProcessor.Fields.InDeclarationOrder().Select(field => field.Name)]),
        (EnvoyMessages.ExtProcPerRoute, ["overrides", "disabled"]),
    ];

    /// <summary>Fields by which a message is known only if most of the rest is the message's too.</summary>
    private static readonly string[] CommonWords =
        ["configs", "match", "domains", "disabled", "overrides", "name", "route", "routes", "metadata", "stat_prefix", "statPrefix"];

    public string Kind => "Envoy bootstrap, config_dump, listener, route configuration, connection manager, http_filters entry, ExternalProcessor, ExtProcPerRoute";

    public bool Reads(Node root) => TypeOf(root) is { } type && !IsWrapper((MappingNode)root, type);

    public void Read(SourceDocument document, PolicyBuilder builder) =>
        new ConfigWalker(document, builder, isDynamic: false).Root(TypeOf(document.Root!)!);

    /// <summary>Package managers and linters have "overrides" among other keys, compose files a mapping of "configs".</summary>
    private static bool IsOtherTool(MessageDescriptor type, MappingNode root) =>
        (type == EnvoyMessages.ExtProcPerRoute && (root["overrides"] is SequenceNode || root.Entries.Any(entry => entry.Key.Value is not ("overrides" or "disabled" or "@type"))))
        || (type == EnvoyMessages.ConfigDump && root["configs"] is MappingNode configs && configs["@type"] is null);

    /// <summary>Whether all keys of a mapping are fields of the message that one of them tells. Of ext_proc's own messages none tells.</summary>
    public static bool IsWhole(MappingNode mapping) =>
        TypeOf(mapping) is { } type && type != EnvoyMessages.ExternalProcessor && type != EnvoyMessages.ExtProcPerRoute
        && mapping.Entries.All(entry => IsField(type, entry));

    /// <summary>Kubernetes objects have fields of the same names; they are another reader's.</summary>
    private static MessageDescriptor? TypeOf(Node root) => root is MappingNode mapping && mapping["apiVersion"] is null
        ? Kinds.FirstOrDefault(kind => kind.Fields.Any(field => mapping.FieldEntry(field) is not null) && !IsOtherTool(kind.Type, mapping)).Type
        : null;

    /// <summary>
    /// A file of somebody's own may have a field of the same name: then messages of ext_proc stand under keys that the message does not have,
    /// or all that it has in common with the message are words that anybody uses.
    /// </summary>
    private static bool IsWrapper(MappingNode mapping, MessageDescriptor type)
    {
        ILookup<bool, MappingEntry> entries = mapping.Entries.ToLookup(entry => IsField(type, entry));
        return entries[false].Any(entry => ExtProcTrail.In(entry.Value).LeadsThrough(entry.Value))
            || (entries[false].Count() >= entries[true].Count() && entries[true].All(entry => CommonWords.Contains(entry.Key.Value)));
    }

    private static bool IsField(MessageDescriptor type, MappingEntry entry) =>
        type.FindFieldByName(entry.Key.Value) is not null || type.Fields.InDeclarationOrder().Any(field => field.JsonName == entry.Key.Value);
}
