using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExtProc.Configuration;
using ExtProc.Configuration.Binding;
using ExtProc.Pipeline;

namespace ExtProc.Tests.Configuration;

/// <summary>The JSON schema of <c>extproc.yaml</c> for editors, from the same shapes that the binder reads.</summary>
internal static class ConfigSchema
{
    private const string Duration = @"^0$|^[0-9]+(\.[0-9]+)?\s?(ms|s|m|h)$";
    private const string Size = @"^[0-9]+(\.[0-9]+)?\s?([KkMmGgTt][Ii])?[Bb]?$";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(ProcessorCatalog catalog)
    {
        JsonObject schema = Record(typeof(ExtProcOptions), catalog);
        schema.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        schema.Insert(1, "title", "extproc.yaml");
        return schema.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Record(Type type, ProcessorCatalog catalog, JsonObject? properties = null)
    {
        JsonObject own = properties ?? [];
        JsonArray required = properties is null ? [] : ["name"];
        foreach (var member in ConfigShape.Of(type).Members)
        {
            JsonObject value = Of(member, catalog);
            value["description"] = XmlSummaries.Of(member.Property).Replace("`", "");
            own[member.Key] = value;
            if (member.SingularKey is { } singular && CollectionTypes.IsList(member.Type, out var item))
            {
                own[singular] = Of(item, isSize: false, catalog);
            }

            if (member.IsRequired)
            {
                required.Add(member.Key);
            }
        }

        JsonObject record = new() { ["type"] = "object", ["properties"] = own, ["additionalProperties"] = false };
        if (required.Count > 0)
        {
            record["required"] = required;
        }

        return record;
    }

    private static JsonObject Of(ConfigMember member, ProcessorCatalog catalog)
    {
        JsonObject value = Of(member.Type, member.IsSize, catalog);
        if (member.Range is var (least, most) && !member.IsSize && member.Type != typeof(TimeSpan))
        {
            value["minimum"] = JsonNode.Parse(least);
            value["maximum"] = JsonNode.Parse(most);
        }

        return value;
    }

    private static JsonObject Of(Type type, bool isSize, ProcessorCatalog catalog) => type switch
    {
        _ when type == typeof(PipelineDefinition) => Pipeline(catalog),
        _ when isSize => new() { ["type"] = new JsonArray("string", "integer"), ["pattern"] = Size },
        _ when type == typeof(TimeSpan) => new() { ["type"] = new JsonArray("string", "integer"), ["pattern"] = Duration },
        _ when type == typeof(Version) => new() { ["type"] = new JsonArray("string", "number") },
        _ when type == typeof(bool) => new() { ["type"] = "boolean" },
        _ when type == typeof(int) || type == typeof(long) => new() { ["type"] = "integer" },
        _ when type == typeof(double) => new() { ["type"] = "number" },
        { IsEnum: true } => new() { ["enum"] = new JsonArray([.. EnumNames.All(type).Select(name => JsonValue.Create(name))]) },
        _ when ScalarTypes.Knows(type) => new() { ["type"] = "string" },
        _ when CollectionTypes.IsMap(type, out var value) => new() { ["type"] = "object", ["additionalProperties"] = Of(value, false, catalog) },
        _ when CollectionTypes.IsList(type, out var item) => new() { ["type"] = "array", ["items"] = Of(item, false, catalog) },
        _ when ConfigShape.Of(type).ShortForm is { } single => new() { ["anyOf"] = new JsonArray(Of(single.Type, single.IsSize, catalog), Record(type, catalog)) },
        _ => Record(type, catalog),
    };

    private static JsonObject Pipeline(ProcessorCatalog catalog)
    {
        JsonArray kinds = [];
        foreach (var kind in catalog.All)
        {
            JsonObject properties = new()
            {
                ["name"] = new JsonObject { ["const"] = kind.Name, ["description"] = XmlSummaries.Of(kind.ProcessorType)?.Replace("`", "") },
                ["onError"] = Of(typeof(OnError), false, catalog),
            };
            kinds.Add(kind.OptionsType is null
                ? new JsonObject { ["type"] = "object", ["properties"] = properties, ["additionalProperties"] = false, ["required"] = new JsonArray("name") }
                : Record(kind.OptionsType, catalog, properties));
        }

        return new() { ["type"] = "array", ["items"] = kinds.Count == 0 ? new JsonObject() : new JsonObject { ["oneOf"] = kinds } };
    }
}
