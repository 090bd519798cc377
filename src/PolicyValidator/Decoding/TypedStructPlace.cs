using Google.Protobuf.Reflection;

namespace PolicyValidator.Decoding;

/// <summary>
/// By the type that a TypedStruct names, Envoy only finds the filter; it reads the content as what the place takes. So a filter may
/// name the per-route type, and a route the filter's.
/// </summary>
internal static class TypedStructPlace
{
    /// <summary>The type as which the content is read.</summary>
    /// <param name="name">The type that the TypedStruct names.</param>
    /// <param name="field">The field that the TypedStruct stands in; null when that is not known.</param>
    public static string Read(string name, FieldDescriptor? field) => name is not (TypeUrls.Filter or TypeUrls.PerRoute) ? name : field switch
    {
        null or { FullName: "envoy.config.core.v3.ExtensionConfigSource.default_config" } => name,
        { FullName: "envoy.config.route.v3.FilterConfig.config" } or { ContainingType.Name: "TypedPerFilterConfigEntry" } => TypeUrls.PerRoute,
        _ => TypeUrls.Filter,
    };
}
