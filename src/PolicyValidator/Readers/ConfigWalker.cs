using Google.Protobuf.Reflection;
using PolicyValidator.Constraints;
using PolicyValidator.Decoding;
using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>
/// Walks a document as Envoy's messages, wherever they say what they are, and collects filters, per-route configs and lists. Only
/// ext_proc and the entries around it are held against constraints: other extensions are not judged.
/// </summary>
internal sealed class ConfigWalker
{
    private readonly DecodeContext context;
    private readonly PolicyBuilder builder;
    private readonly MessageDecoder decoder;
    private readonly ConstraintReader constraints;

    public ConfigWalker(SourceDocument document, PolicyBuilder builder, bool isDynamic)
    {
        this.builder = builder;
        context = new(document, builder.Target, isDynamic);
        decoder = new(context);
        constraints = new(context);
    }

    private SourceDocument Document => context.Document;

    /// <summary>The policy that the document is made of, or, for an override, the one that it is for: namespace and name.</summary>
    public string? PolicyName { get; init; }

    /// <summary>The document is a message of this type.</summary>
    public void Root(MessageDescriptor type)
    {
        ConfigMessage root = decoder.Decode(type, Document.Root!);
        Surroundings around = new();
        switch (type.FullName)
        {
            case TypeUrls.Filter:
                Filter(root, around);
                break;
            case TypeUrls.PerRoute:
                Override(root, null, null, around);
                break;
            case "envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter":
                FilterEntry entry = Entry(root);
                Enter(entry, around, SlotKind.HttpFilter);
                break;
            case "envoy.config.bootstrap.v3.Bootstrap":
                builder.AddBootstrap(Document, root);
                Walk(root, around);
                break;
            default:
                Walk(root, around);
                break;
        }

        Finish();
    }

    /// <summary>The document is an <c>ExternalProcessor</c> that a product made out of an entry of a policy.</summary>
    public void Made(PolicyEntry entry, string name, FilterList around)
    {
        Filter(decoder.Decode(EnvoyMessages.ExternalProcessor, Document.Root!), new() { Place = FilterPlace.HttpFilters, List = around, Name = name }, entry);
        Finish();
    }

    /// <summary>The document was put together out of values that have been read already: it is decoded, and nothing is said about it.</summary>
    public ConfigMessage Quietly(MessageDescriptor type) => decoder.Decode(type, Document.Root!);

    /// <summary>The document is a message with its <c>@type</c>.</summary>
    public void AnyAlone(Node root)
    {
        if (decoder.DecodeAny(root) is { } any)
        {
            switch (any)
            {
                case { TypeName: TypeUrls.Filter, Message: { } filter }:
                    Filter(filter, new());
                    break;
                case { TypeName: TypeUrls.PerRoute or TypeUrls.FilterConfig }:
                    PerRoute(any, null, ConfigMessage.PlaceOf(root), null, new());
                    break;
                case { Message: { } message }:
                    Walk(message, new());
                    break;
            }
        }

        Finish();
    }

    /// <summary>The document is a list of HTTP filters; one with the codec in it belongs upstream of the router.</summary>
    public void FiltersAlone(Node root)
    {
        ConfigMessage manager = new(EnvoyMessages.HttpConnectionManager, null);
        decoder.DecodeList(manager, "http_filters", root);
        bool isUpstream = manager.Messages("http_filters").Any(entry => entry.Any("typed_config")?.TypeName == TypeUrls.UpstreamCodec);
        List(manager, "http_filters", isUpstream ? FilterPlace.UpstreamHttpFilters : FilterPlace.HttpFilters, new());
        Finish();
    }

    /// <summary>The document is a map of per-route configs.</summary>
    public void OverridesAlone(Node root)
    {
        ConfigMessage route = new(EnvoyMessages.Route, null);
        decoder.DecodeList(route, "typed_per_filter_config", root);
        PerRouteMap(route, new());
        Finish();
    }

    private void Finish() => builder.Add(context.Problems);

    private void Walk(ConfigMessage message, Surroundings around)
    {
        if (message.Type == EnvoyMessages.HttpConnectionManager)
        {
            around = around with { ConnectionManager = message.Node as MappingNode };
            List(message, "http_filters", FilterPlace.HttpFilters, around);
        }
        else if (message.Type == EnvoyMessages.UpgradeConfig)
        {
            List(message, "filters", FilterPlace.UpgradeFilters, around);
        }
        else if (message.Type == EnvoyMessages.Router)
        {
            List(message, "upstream_http_filters", FilterPlace.UpstreamHttpFilters, around);
        }
        else if (message.Type == EnvoyMessages.HttpProtocolOptions)
        {
            List(message, "http_filters", FilterPlace.UpstreamHttpFilters, around);
        }

        else if (message.Type == EnvoyMessages.RouteConfiguration)
        {
            // The default is true for a route configuration that stands in the connection manager itself.
            around = around with { ChecksClusters = around.ConnectionManager is not null && message.Bool("validate_clusters") is not { IsSet: true, Value: false } };
        }
        else if (around.ChecksClusters && message.Type == EnvoyMessages.RouteAction && message.String("cluster") is { IsSet: true } cluster)
        {
            builder.AddRouteCluster(Document, cluster);
        }
        else if (around.ChecksClusters && message.Type == EnvoyMessages.ClusterWeight && message.String("name") is { IsSet: true } weighted)
        {
            builder.AddRouteCluster(Document, weighted);
        }

        foreach (ConfigField field in message.Fields.Where(field => !FilterSlots.IsList(field.Descriptor)))
        {
            if (field.Descriptor.Name == "typed_per_filter_config")
            {
                PerRouteMap(message, around);
                continue;
            }

            foreach (ConfigValue value in field.Values)
            {
                Step(message, field.Descriptor, value, around);
            }
        }
    }

    private void Step(ConfigMessage parent, FieldDescriptor field, ConfigValue value, Surroundings around)
    {
        switch (value.Value)
        {
            case ConfigMessage inner when FilterSlots.IsNested(field):
                Nested(inner, around);
                break;
            case ConfigMessage inner:
                Walk(inner, around);
                break;
            case ConfigAny { TypeName: TypeUrls.Filter, Message: { } filter } when parent.Type == EnvoyMessages.TypedExtensionConfig:
                Filter(filter, around with { Place = FilterPlace.Discovered, Entry = parent.Node as MappingNode, Name = parent.String("name").Value });
                break;
            case ConfigAny { Message: { } message }:
                Walk(message, around);
                break;
        }
    }

    private void List(ConfigMessage owner, string field, FilterPlace place, Surroundings around)
    {
        FilterEntry[] entries = [.. owner.Messages(field).Select(Entry)];
        if (owner.FieldOf(field) is not { } set || entries.Length == 0)
        {
            return;
        }

        FilterList list = new(Document, place, set.Entry?.Value ?? Document.Root!, around.ConnectionManager) { Entries = entries };
        builder.Add(list);
        SlotKind kind = place == FilterPlace.UpstreamHttpFilters ? SlotKind.UpstreamHttpFilter : SlotKind.HttpFilter;
        foreach (FilterEntry entry in entries)
        {
            Enter(entry, around with { Place = place, List = list }, kind);
        }
    }

    private static FilterEntry Entry(ConfigMessage entry) =>
        new(entry.Node!, entry.String("name").Value, entry.Any("typed_config")?.TypeName ?? "", entry);

    private void Enter(FilterEntry entry, Surroundings around, SlotKind kind)
    {
        constraints.Check(entry.Config);
        Surroundings here = around with { Entry = entry.Node as MappingNode, Name = entry.Name };
        if (entry.Config.Message("config_discovery") is { } discovery)
        {
            Discovery(discovery, here);
            return;
        }

        Slot(kind, entry.Name, entry.Config.Any("typed_config"), entry.Config.PlaceOf("typed_config"), entry.Config.Bool("is_optional").Value, here);
    }

    private void Discovery(ConfigMessage discovery, Surroundings around)
    {
        builder.AddDiscovery(Document, discovery);
        if (discovery.Any("default_config") is { } any)
        {
            Slot(SlotKind.DefaultConfig, around.Name ?? "", any, discovery.PlaceOf("default_config"), false, around with { Place = FilterPlace.Discovered });
        }
    }

    /// <summary>A filter inside another one: <c>name</c> and <c>typed_config</c> of an extension config.</summary>
    private void Nested(ConfigMessage extension, Surroundings around)
    {
        constraints.Check(extension);
        string name = extension.String("name").Value;
        Surroundings here = around with { Place = FilterPlace.Nested, Entry = extension.Node as MappingNode, Name = name };
        Slot(SlotKind.HttpFilter, name, extension.Any("typed_config"), extension.PlaceOf("typed_config"), false, here);
    }

    private void Slot(SlotKind kind, string name, ConfigAny? any, Place place, bool isOptional, Surroundings around)
    {
        builder.Add(new FilterSlot(Document, kind, name, any, place, isOptional));
        switch (any)
        {
            case { TypeName: TypeUrls.Filter, Message: { } filter }:
                Filter(filter, around);
                break;
            case { Message: { } message }:
                Walk(message, around);
                break;
        }
    }

    private void Filter(ConfigMessage config, Surroundings around, PolicyEntry? madeFrom = null)
    {
        constraints.Check(config);
        builder.Add(new ExtProcFilter
        {
            Document = Document,
            Config = config,
            Place = around.Place,
            Name = around.Name,
            Entry = around.Entry,
            List = around.Place == FilterPlace.Nested ? null : around.List,
            IsDynamic = context.IsDynamic,
            MadeFrom = madeFrom,
            PolicyName = PolicyName,
        });
    }

    private void PerRouteMap(ConfigMessage owner, Surroundings around)
    {
        foreach ((ScalarNode key, ConfigValue value) in owner.Map("typed_per_filter_config"))
        {
            PerRoute(value.Value as ConfigAny, key, ConfigMessage.PlaceOf(value.Node), owner, around);
        }
    }

    private void PerRoute(ConfigAny? any, ScalarNode? key, Place place, ConfigMessage? owner, Surroundings around)
    {
        bool isOptional = false;
        if (any is { TypeName: TypeUrls.FilterConfig, Message: { } wrapper })
        {
            // Envoy looks no further into a config that is switched off, nor into one that is there but empty.
            if (wrapper.Bool("disabled").Value || wrapper.Any("config") is { TypeUrl: "" })
            {
                return;
            }

            isOptional = wrapper.Bool("is_optional").Value;
            (any, place) = (wrapper.Any("config"), wrapper.PlaceOf("config"));
            context.Problems.AddRange(any?.HeldBack ?? []);
        }

        builder.Add(new FilterSlot(Document, SlotKind.PerRoute, key?.Value ?? "", any, place, isOptional));
        switch (any)
        {
            case { TypeName: TypeUrls.PerRoute, Message: { } config }:
                Override(config, key, owner, around);
                break;
            case { Message: { } message }:
                Walk(message, around);
                break;
        }
    }

    private void Override(ConfigMessage config, ScalarNode? key, ConfigMessage? owner, Surroundings around)
    {
        constraints.Check(config);
        builder.Add(new ExtProcOverride
        {
            Document = Document,
            Config = config,
            Place = FilterSlots.PlaceOf(owner),
            Key = key,
            Owner = owner?.Node as MappingNode,
            PolicyName = PolicyName,
            ConnectionManager = around.ConnectionManager,
            IsDynamic = context.IsDynamic,
        });
    }
}
