using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>Where a <c>google.protobuf.Any</c> says its type.</summary>
internal static class TypePlace
{
    /// <summary>The place of its <c>type_url</c> (TypedStruct) or <c>@type</c>; its own when it has neither.</summary>
    public static Place Of(Place any) => any.Node is MappingNode mapping && (mapping.Field("type_url") ?? mapping["@type"]) is { } type
        ? ConfigMessage.PlaceOf(type)
        : any;
}
