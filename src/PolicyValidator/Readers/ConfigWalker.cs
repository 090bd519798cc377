using Google.Protobuf.Reflection;
using PolicyValidator.Constraints;
using PolicyValidator.Decoding;
using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>Walks a document as what it is as a whole: a message of Envoy's, with or without its type, or a piece of one.</summary>
internal sealed class ConfigWalker
{
    private readonly DecodeContext context;
    private readonly PolicyBuilder builder;
    private readonly MessageDecoder decoder;
    private readonly ExtProcCollector found;
    private readonly MessageWalker walker;

    /// <param name="document">The document.</param>
    /// <param name="builder">Where everything found goes.</param>
    /// <param name="isDynamic">Whether Envoy gets it by discovery.</param>
    /// <param name="policyName">The policy that the document is made of, or, for an override, the one that it is for: namespace and name.</param>
    public ConfigWalker(SourceDocument document, PolicyBuilder builder, bool isDynamic, string? policyName = null)
    {
        this.builder = builder;
        context = new(document, builder.Target, isDynamic) { Cancellation = builder.Cancellation };
        decoder = new(context);
        ConstraintReader constraints = new(context);
        found = new(context, builder, constraints, policyName);
        walker = new(context, builder, constraints, found);
    }

    private SourceDocument Document => context.Document;

    /// <summary>The document is a message of this type.</summary>
    public void Root(MessageDescriptor type)
    {
        ConfigMessage root = decoder.Decode(type, Document.Root!);
        builder.AddRoot(Document.Root!, type.Name);
        Surroundings around = new();
        switch (type.FullName)
        {
            case TypeUrls.Filter:
                found.Filter(root, around);
                break;
            case TypeUrls.PerRoute:
                found.Override(root, null, null, around);
                break;
            case "envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter":
                walker.Entry(root, around, SlotKind.HttpFilter);
                break;
            case "envoy.config.bootstrap.v3.Bootstrap":
                builder.AddBootstrap(Document, root);
                walker.Walk(root, around);
                break;
            default:
                walker.Walk(root, around);
                break;
        }

        Finish();
    }

    /// <summary>The document is an <c>ExternalProcessor</c> that a product made out of an entry of a policy.</summary>
    public void Made(PolicyEntry entry, string name, FilterList around)
    {
        found.Filter(decoder.Decode(EnvoyMessages.ExternalProcessor, Document.Root!), new() { Place = FilterPlace.HttpFilters, List = around, Name = name }, entry);
        Finish();
    }

    /// <summary>The document was put together out of values that have been read already: it is decoded, and nothing is said about it.</summary>
    public ConfigMessage Quietly(MessageDescriptor type) => decoder.Decode(type, Document.Root!);

    /// <summary>The document is a message with its <c>@type</c>.</summary>
    public void AnyAlone(Node root)
    {
        if (decoder.DecodeAny(root) is { } any)
        {
            builder.AddRoot(root, any.TypeName[(any.TypeName.LastIndexOf('.') + 1)..]);
            switch (any)
            {
                case { TypeName: TypeUrls.Filter, Message: { } filter }:
                    found.Filter(filter, new());
                    break;
                case { TypeName: TypeUrls.PerRoute or TypeUrls.FilterConfig }:
                    walker.PerRoute(any, null, ConfigMessage.PlaceOf(root), null, new());
                    break;
                case { Message: { } message }:
                    walker.Walk(message, new());
                    break;
                default:
                    walker.Foreign(root);
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
        builder.AddRoot(root, "http_filters");
        bool isUpstream = manager.Messages("http_filters").Any(entry => entry.Any("typed_config")?.TypeName == TypeUrls.UpstreamCodec);
        walker.List(manager, "http_filters", isUpstream ? FilterPlace.UpstreamHttpFilters : FilterPlace.HttpFilters, new());
        Finish();
    }

    /// <summary>The document is a map of per-route configs.</summary>
    public void OverridesAlone(Node root)
    {
        ConfigMessage route = new(EnvoyMessages.Route, null);
        decoder.DecodeList(route, "typed_per_filter_config", root);
        builder.AddRoot(root, "typed_per_filter_config");
        walker.PerRouteMap(route, new());
        Finish();
    }

    private void Finish() => builder.Add(context.Problems);
}
