using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;

namespace PolicyValidator.Tests.Schemas;

/// <summary>
/// A JSON schema of an Envoy message, made of its descriptor: field names in snake_case and lowerCamelCase, enums by name or number,
/// durations as Envoy reads them. Which fields exclude each other is left to the validator.
/// </summary>
internal sealed class MessageSchema
{
    private readonly SortedDictionary<string, JsonNode?> definitions = new(StringComparer.Ordinal);

    private MessageSchema()
    {
    }

    public static JsonObject Of(MessageDescriptor message)
    {
        MessageSchema schema = new();
        JsonObject root = schema.Message(message);
        JsonObject properties = (JsonObject)root["properties"]!;
        properties.Insert(0, "@type", new JsonObject { ["type"] = "string", ["pattern"] = $"/{message.FullName.Replace(".", "\\.", StringComparison.Ordinal)}$" });
        return new()
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["title"] = message.FullName,
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties.DeepClone(),
            ["$defs"] = new JsonObject(schema.definitions),
        };
    }

    private JsonObject Message(MessageDescriptor message) => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(message.Fields.InFieldNumberOrder()
            .SelectMany(field => new[] { field.Name, field.JsonName }.Distinct().Select(name => KeyValuePair.Create(name, (JsonNode?)Field(field))))),
    };

    private JsonObject Field(FieldDescriptor field) => field switch
    {
        { IsMap: true } => new() { ["type"] = "object", ["additionalProperties"] = Value(field.MessageType.FindFieldByNumber(2)) },
        { IsRepeated: true } => new() { ["type"] = "array", ["items"] = Value(field) },
        _ => Value(field),
    };

    private JsonObject Value(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => Referred(field.MessageType),
        FieldType.Enum => Words(field.EnumType),
        FieldType.Bool => Flag(),
        FieldType.String => new() { ["type"] = "string" },
        FieldType.Bytes => new() { ["type"] = "string", ["contentEncoding"] = "base64" },
        FieldType.Float or FieldType.Double => new() { ["type"] = Types("number", "string") },
        _ => new() { ["type"] = Types("integer", "string") },
    };

    private JsonObject Referred(MessageDescriptor message)
    {
        if (WellKnown(message.FullName) is { } form)
        {
            return form;
        }

        if (definitions.TryAdd(message.FullName, null))
        {
            definitions[message.FullName] = Message(message);
        }

        return new() { ["$ref"] = $"#/$defs/{message.FullName}" };
    }

    private static JsonObject? WellKnown(string name) => name switch
    {
        "google.protobuf.Duration" => new() { ["type"] = "string", ["pattern"] = @"^-?[0-9]+(\.[0-9]{1,9})?s$", ["description"] = "Seconds, such as 0.25s." },
        "google.protobuf.Any" => new() { ["type"] = "object", ["required"] = new JsonArray("@type"), ["properties"] = new JsonObject { ["@type"] = new JsonObject { ["type"] = "string" } } },
        "google.protobuf.Struct" or "google.protobuf.Empty" => new() { ["type"] = "object" },
        "google.protobuf.Value" => [],
        "google.protobuf.ListValue" => new() { ["type"] = "array" },
        "google.protobuf.BoolValue" => Flag(),
        "google.protobuf.StringValue" or "google.protobuf.BytesValue" or "google.protobuf.Timestamp" or "google.protobuf.FieldMask" => new() { ["type"] = "string" },
        "google.protobuf.FloatValue" or "google.protobuf.DoubleValue" => new() { ["type"] = Types("number", "string") },
        "google.protobuf.UInt32Value" or "google.protobuf.Int32Value" or "google.protobuf.UInt64Value" or "google.protobuf.Int64Value" => new() { ["type"] = Types("integer", "string") },
        _ => null,
    };

    private static JsonObject Flag() => new() { ["type"] = Types("boolean", "string"), ["enum"] = new JsonArray(true, false, "true", "false") };

    private static JsonObject Words(EnumDescriptor words) =>
        new() { ["enum"] = new JsonArray([.. words.Values.Select(word => (JsonNode)word.Name), .. words.Values.Select(word => (JsonNode)word.Number)]) };

    private static JsonArray Types(params string[] types) => [.. types.Select(type => (JsonNode)type)];
}
