using Google.Protobuf.Reflection;

namespace Envoy.Api.Protos.Tests;

/// <summary>Our descriptors, written as rows of <see cref="UpstreamTable"/>.</summary>
internal static class OurRows
{
    /// <summary>
    /// The one name that differs from upstream's, in the source only: number, type and JSON name are the same. The protos' README
    /// says why.
    /// </summary>
    private static readonly Dictionary<string, string> UpstreamNames = new()
    {
        ["envoy.service.ext_proc.v3.BodyMutation.clear_all_body"] = "clear_body",
    };

    public static IReadOnlyDictionary<string, MessageDescriptor> Messages { get; } =
        OurFiles().SelectMany(file => file.MessageTypes).SelectMany(WithNested).ToDictionary(type => type.FullName);

    public static IReadOnlyDictionary<string, EnumDescriptor> Enums { get; } =
        OurFiles().SelectMany(file => file.EnumTypes).Concat(Messages.Values.SelectMany(type => type.EnumTypes)).ToDictionary(type => type.FullName);

    public static IReadOnlyDictionary<string, ServiceDescriptor> Services { get; } =
        OurFiles().SelectMany(file => file.Services).ToDictionary(service => service.FullName);

    public static IEnumerable<FileDescriptor> OurFiles() => EnvoyApi.Files.Where(file => !file.Name.StartsWith("google/protobuf/", StringComparison.Ordinal));

    public static IEnumerable<string> Of(MessageDescriptor type) =>
        type.Fields.InDeclarationOrder().Select(Of).Prepend(Row("message", type.FullName, type.File.Name, "reserved " + Reserved(type)));

    public static IEnumerable<string> Of(EnumDescriptor type) =>
        type.Values.Select(value => Row("enum", type.FullName, value.Name, $"{value.Number}"));

    public static IEnumerable<string> Of(ServiceDescriptor service) => service.Methods.Select(method => Row(
        "rpc",
        service.FullName,
        method.Name,
        Stream(method.IsClientStreaming) + method.InputType.FullName,
        Stream(method.IsServerStreaming) + method.OutputType.FullName));

    private static string Of(FieldDescriptor field) => Row(
        "field",
        field.ContainingType.FullName,
        UpstreamNames.GetValueOrDefault(field.FullName, field.Name),
        $"{field.FieldNumber}",
        field.IsMap ? "map" : field.IsRepeated ? "repeated" : "optional",
        TypeName(field),
        field.RealContainingOneof?.Name ?? "-",
        field.JsonName,
        field.GetOptions() is { Deprecated: true } ? "deprecated" : "");

    private static string TypeName(FieldDescriptor field) => field switch
    {
        { IsMap: true } => $"map<{TypeName(field.MessageType.FindFieldByNumber(1))},{TypeName(field.MessageType.FindFieldByNumber(2))}>",
        { FieldType: FieldType.Message } => field.MessageType.FullName,
        { FieldType: FieldType.Enum } => field.EnumType.FullName,
        _ => field.FieldType.ToString().ToLowerInvariant(),
    };

    private static string Reserved(MessageDescriptor type) => string.Join(',', type.ToProto().ReservedRange.Select(range =>
        range.End == range.Start + 1 ? $"{range.Start}" : $"{range.Start}-{range.End - 1}"));

    private static string Stream(bool streaming) => streaming ? "stream " : "";

    private static string Row(params string[] cells) => string.Join('\t', cells).TrimEnd();

    private static IEnumerable<MessageDescriptor> WithNested(MessageDescriptor type) =>
        type.NestedTypes.Where(nested => nested.GetOptions() is not { MapEntry: true }).SelectMany(WithNested).Prepend(type);
}
