using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Surfaces;

/// <summary>Objects that a table of fields takes: what it demands, and one field more.</summary>
internal static partial class SampleObject
{
    private static readonly string[] Words = ["a", "1s", "Gateway", "modelarmor.googleapis.com", "1 == 1"];

    /// <summary>What the table says of an object with a value at a path; nothing but the value can be wrong.</summary>
    public static IReadOnlyList<ConfigProblem> Problems(CrdTable table, ProductVersion release, string path, JsonNode value)
    {
        JsonNode root = Of(table.At(release));
        Put(root, table.At(release), Steps().Matches(path).Select(step => step.Value).ToArray(), value.DeepClone());
        SourceDocument document = DocumentReader.Read(new SourceText("a.json", root.ToJsonString()))[0];
        return new CrdCheck(document, table, release, static known => $"{known}").Check(KubernetesReader.Read(document, document.Root!, []));
    }

    /// <summary>The least that a schema takes.</summary>
    public static JsonNode Of(CrdSchema schema) => schema.Type switch
    {
        "object" => new JsonObject(schema.Required.Select(name => KeyValuePair.Create(name, (JsonNode?)Of(schema.Fields[name])))),
        "array" => new JsonArray(Of(schema.Items!)),
        "string" => schema.Values.Count > 0 ? schema.Values[^1] : Words.First(word => schema.Patterns.Concat(schema.UnsurePatterns).All(pattern => pattern.IsMatch(word))),
        "integer" => (int)schema.Bounds.GetValueOrDefault("minimum", 1),
        "boolean" => true,
        _ => new JsonObject(),
    };

    /// <summary>The schema at a path; null where a release has none.</summary>
    public static CrdSchema? At(CrdSchema? schema, string path)
    {
        foreach (string step in Steps().Matches(path).Select(match => match.Value))
        {
            schema = step switch { "[]" => schema?.Items, "{}" => schema?.FreeValues, _ => schema?.Fields.GetValueOrDefault(step[1..]) };
        }

        return schema;
    }

    private static void Put(JsonNode at, CrdSchema? schema, ReadOnlySpan<string> steps, JsonNode value)
    {
        CrdSchema? next = schema is null ? null : At(schema, steps[0]);
        JsonNode? inside = steps.Length == 1 ? value : Existing(at, steps[0]) ?? Of(next!);
        if (steps.Length > 1)
        {
            Put(inside, next, steps[1..], value);
        }

        switch (steps[0])
        {
            case "[]":
                at.AsArray().Clear();
                at.AsArray().Add(inside);
                break;
            default:
                at.AsObject().Remove(Key(steps[0]));
                at.AsObject().Add(Key(steps[0]), inside);
                break;
        }
    }

    private static JsonNode? Existing(JsonNode at, string step) => (step == "[]" ? at.AsArray().FirstOrDefault() : at[Key(step)])?.DeepClone();

    private static string Key(string step) => step == "{}" ? "k" : step[1..];

    [GeneratedRegex(@"\.[^.\[{]+|\[\]|\{\}")]
    private static partial Regex Steps();
}
