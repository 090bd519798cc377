using Google.Protobuf.Reflection;
using PolicyValidator.Decoding;
using PolicyValidator.Expressions.JsonPath;

namespace PolicyValidator.Kubernetes;

/// <summary>
/// What is known of every listener that Envoy Gateway makes, as it patches it (in snake_case): its connection manager, and in that an
/// ext_proc filter somewhere in the list. Everything else can be there too.
/// </summary>
internal static class ListenerSketch
{
    /// <summary>The list of filters in it, as the way of a match names it.</summary>
    public const string HttpFilters = "http_filters";

    private const string FilterType = "envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor";
    private const string ManagerType = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";

    /// <summary>The messages inside of ext_proc's configuration that are known by their fields, and not any deeper.</summary>
    private const int Depth = 3;

    private static readonly PathValue Anything = new PathValue.Unknown();

    private static readonly PathValue Processor = Open(
        (("@type", new PathValue.Scalar("type.googleapis.com/" + FilterType))),
        [.. Fields(EnvoyTypes.Find(FilterType)!, Depth)]);

    /// <summary>The listener with a filter of a name.</summary>
    /// <param name="filterName">The name; null where it is not known.</param>
    public static PathValue With(string? filterName)
    {
        PathValue filter = Open(("name", filterName is null ? Anything : new PathValue.Scalar(filterName)), [("disabled", Anything), ("typed_config", Processor)]);
        PathValue manager = Open(("@type", new PathValue.Scalar("type.googleapis.com/" + ManagerType)), [(HttpFilters, new PathValue.List([filter], IsOpen: true))]);
        PathValue network = Open(("name", new PathValue.Scalar("envoy.filters.network.http_connection_manager")), [("typed_config", manager)]);
        PathValue chain = Open(("filters", new PathValue.List([network], IsOpen: false)), []);
        return Open(("name", Anything), [("default_filter_chain", chain), ("filter_chains", new PathValue.List([chain], IsOpen: true))]);
    }

    private static PathValue.Mapping Open((string Name, PathValue Value) first, (string Name, PathValue Value)[] others) =>
        new(others.Prepend(first).ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal), IsOpen: true);

    private static IEnumerable<(string, PathValue)> Fields(MessageDescriptor type, int depth) =>
        type.Fields.InDeclarationOrder().Select(field => (field.Name, Value(field, depth)));

    private static PathValue Value(FieldDescriptor field, int depth) => field switch
    {
        { IsMap: false, IsRepeated: true } => new PathValue.List([], IsOpen: true),
        { IsMap: false, FieldType: FieldType.Message, MessageType: { } type } when depth > 0 && !type.FullName.StartsWith("google.protobuf.", StringComparison.Ordinal) =>
            new PathValue.Mapping(Fields(type, depth - 1).ToDictionary(each => each.Item1, each => each.Item2, StringComparer.Ordinal), IsOpen: true),
        _ => Anything,
    };
}
