using Google.Protobuf.Reflection;
using PolicyValidator.Constraints;
using PolicyValidator.Decoding;
using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>
/// Walks a message of Envoy's, wherever it holds others, and collects filters, per-route configs and lists. Only ext_proc and the entries
/// around it are held against constraints: other extensions are not judged.
/// </summary>
internal sealed class MessageWalker(DecodeContext context, PolicyBuilder builder, ConstraintReader constraints, ExtProcCollector found)
{
    private SourceDocument Document => context.Document;

    /// <summary>A message and all that it holds.</summary>
    public void Walk(ConfigMessage message, Surroundings around)
    {
        around = Inside(message, around);
        if (message.Type == EnvoyMessages.Cluster && message.Node is MappingNode cluster)
        {
            builder.Add(new ClusterEntry(Document, cluster));
        }

        if (FilterSlots.ListOf(message.Type) is { } list)
        {
            List(message, list.Field, list.Place, around);
        }

        if (around.ChecksClusters)
        {
            AddCluster(message);
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

    private static Surroundings Inside(ConfigMessage message, Surroundings around)
    {
        if (message.Type == EnvoyMessages.HttpConnectionManager)
        {
            return around with { ConnectionManager = message.Node as MappingNode };
        }

        // The default is true for a route configuration that stands in the connection manager itself.
        return message.Type == EnvoyMessages.RouteConfiguration
            ? around with { ChecksClusters = around.ConnectionManager is not null && message.Bool("validate_clusters") is not { IsSet: true, Value: false } }
            : around;
    }

    /// <summary>The cluster to which a route leads.</summary>
    private void AddCluster(ConfigMessage message)
    {
        string? field = message.Type == EnvoyMessages.RouteAction ? "cluster" : message.Type == EnvoyMessages.ClusterWeight ? "name" : null;
        if (field is not null && message.String(field) is { IsSet: true } cluster)
        {
            builder.AddRouteCluster(Document, cluster);
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
                found.Filter(filter, around with { Place = FilterPlace.Discovered, Entry = parent.Node as MappingNode, Name = parent.String("name").Value });
                break;
            case ConfigAny { Message: { } message }:
                Walk(message, around);
                break;
            case ConfigAny:
                Foreign(value.Node);
                break;
        }
    }

    /// <summary>A message of a type that is not read here: what it holds may be of ext_proc all the same.</summary>
    public void Foreign(Node? message)
    {
        if (message is not null)
        {
            WrappedParts.Collect(Document with { Root = message, IsPart = true }, builder);
        }
    }

    /// <summary>A field that is a list of HTTP filters.</summary>
    public void List(ConfigMessage owner, string field, FilterPlace place, Surroundings around)
    {
        FilterEntry[] entries = [.. owner.Messages(field).Select(EntryOf)];
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

    /// <summary>An entry of such a list.</summary>
    public void Entry(ConfigMessage entry, Surroundings around, SlotKind kind) => Enter(EntryOf(entry), around, kind);

    private static FilterEntry EntryOf(ConfigMessage entry) =>
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
                found.Filter(filter, around);
                break;
            case { Message: { } message }:
                Walk(message, around);
                break;
            case { TypeUrl.Length: > 0 }:
                Foreign(place.Node);
                break;
        }
    }

    /// <summary>The per-route configs of a route or of what stands around routes.</summary>
    public void PerRouteMap(ConfigMessage owner, Surroundings around)
    {
        foreach ((ScalarNode key, ConfigValue value) in owner.Map("typed_per_filter_config"))
        {
            PerRoute(value.Value as ConfigAny, key, ConfigMessage.PlaceOf(value.Node), owner, around);
        }
    }

    /// <summary>One per-route config, out of its wrapper if it has one.</summary>
    public void PerRoute(ConfigAny? any, ScalarNode? key, Place place, ConfigMessage? owner, Surroundings around)
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
                found.Override(config, key, owner, around);
                break;
            case { Message: { } message }:
                Walk(message, around);
                break;
            case { TypeUrl.Length: > 0 }:
                Foreign(place.Node);
                break;
        }
    }
}
