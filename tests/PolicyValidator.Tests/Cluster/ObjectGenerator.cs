using System.Text.Json.Nodes;

namespace PolicyValidator.Tests.Cluster;

/// <summary>Random objects of any kind, out of its definition; many of them are refused, which does no harm.</summary>
internal sealed class ObjectGenerator(Random random)
{
    private const int MostDepth = 9;

    private static readonly string[] Words = ["x", "default", "gateway.networking.k8s.io", "Service", "/a/b", "1"];

    public string Next(Definition definition)
    {
        JsonObject made = (JsonObject)(Value(definition.Schema, 0) ?? new JsonObject());
        made["apiVersion"] = $"{definition.Group}/{definition.ServedVersion["name"]}";
        made["kind"] = definition.Kind;
        made["metadata"] = new JsonObject { ["name"] = "x" };
        made.Remove("status");
        return $"apiVersion: {definition.Group}/{definition.ServedVersion["name"]}\n{string.Join('\n', made.Where(field => field.Key != "apiVersion").Select(field => $"{field.Key}: {field.Value?.ToJsonString() ?? "null"}"))}\n";
    }

    private JsonNode? Value(JsonNode schema, int depth) => schema["enum"] is JsonArray { Count: > 0 } words
        ? words[random.Next(words.Count)]!.DeepClone()
        : (string?)schema["type"] switch
        {
            "object" => Object(schema, depth),
            "array" => new JsonArray([.. Enumerable.Range(0, depth > MostDepth ? 0 : Math.Max((int)((long?)schema["minItems"] ?? 0), random.Next(3))).Select(_ => Value(schema["items"]!, depth + 1))]),
            "string" => Text(schema),
            "integer" => JsonValue.Create(Math.Max((long?)schema["minimum"] ?? 0, random.Next(3))),
            "number" => JsonValue.Create(0.5),
            "boolean" => JsonValue.Create(random.Next(2) == 0),
            _ => schema["x-kubernetes-int-or-string"] is null ? new JsonObject() : JsonValue.Create(1),
        };

    private JsonObject Object(JsonNode schema, int depth)
    {
        string[] required = [.. (schema["required"]?.AsArray() ?? []).Select(name => (string)name!)];
        JsonObject made = [];
        foreach ((string name, JsonNode? field) in schema["properties"]?.AsObject() ?? [])
        {
            if (required.Contains(name) || (depth <= MostDepth && random.Next(depth < 3 ? 2 : 6) == 0))
            {
                made[name] = Value(field!, depth + 1);
            }
        }

        return made;
    }

    private JsonValue Text(JsonNode schema) => JsonValue.Create((string?)schema["format"] switch
    {
        "date-time" => "2026-01-01T00:00:00Z",
        _ when ((string?)schema["pattern"])?.Contains("h|m|s|ms", StringComparison.Ordinal) == true => "10s",
        _ => Words[random.Next(Words.Length)],
    });
}
