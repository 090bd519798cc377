using System.Text.Json;
using System.Text.Json.Nodes;

namespace PolicyValidator.Tests.Cluster;

/// <summary>The table of a kind's schemas, release by release, out of the published definitions.</summary>
internal static class CrdTableText
{
    private static readonly string[] Bounds = ["minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "minProperties", "maxProperties"];
    private static readonly string[] Exclusive = ["exclusiveMaximum", "exclusiveMinimum"];
    private static readonly string[] NotBelow = [".metadata", ".status", ".apiVersion", ".kind"];

    public static string Of(string kind, IReadOnlyList<Definition> definitions)
    {
        string[] releases = [.. definitions.Select(each => each.Release)];
        SortedDictionary<string, Dictionary<string, List<int>>> rows = new(StringComparer.Ordinal);
        foreach ((int at, Definition definition) in definitions.Index())
        {
            Walk(definition.Schema, "", at, rows);
        }

        IEnumerable<string> lines =
            from path in rows
            from words in path.Value
            from stretch in Stretches(words.Value, releases)
            select $"{(path.Key.Length == 0 ? "." : path.Key)}\t{stretch}{(words.Key.Length == 0 ? "" : "\t" + words.Key)}\n";
        return $"# {kind}\n# releases: {string.Join(' ', releases)}\n# source: CustomResourceDefinition of each release\n{string.Concat(lines)}";
    }

    private static void Walk(JsonNode schema, string path, int release, SortedDictionary<string, Dictionary<string, List<int>>> rows)
    {
        if (!rows.TryGetValue(path, out Dictionary<string, List<int>>? forms))
        {
            rows[path] = forms = new(StringComparer.Ordinal);
        }

        string words = string.Join('\t', Words(schema));
        if (!forms.TryGetValue(words, out List<int>? releases))
        {
            forms[words] = releases = [];
        }

        releases.Add(release);
        if (NotBelow.Contains(path))
        {
            return;
        }

        foreach ((string name, JsonNode? field) in schema["properties"]?.AsObject() ?? [])
        {
            Walk(field!, $"{path}.{name}", release, rows);
        }

        if (schema["items"] is { } items)
        {
            Walk(items, path + "[]", release, rows);
        }

        if (schema["additionalProperties"] is JsonObject values)
        {
            Walk(values, path + "{}", release, rows);
        }
    }

    private static List<string> Words(JsonNode schema)
    {
        string? type = Is(schema, "x-kubernetes-int-or-string") ? "int-or-string" : (string?)schema["type"];
        List<string> words = type is null ? [] : ["type=" + type];
        foreach (JsonNode part in (schema["allOf"]?.AsArray() ?? []).Prepend(schema).OfType<JsonNode>())
        {
            words.AddRange(new[]
            {
                part["format"] is { } format ? $"format={format}" : null,
                part["enum"] is JsonArray values ? $"enum={string.Join('|', values.Select(Plain))}" : null,
                part["pattern"] is { } pattern ? $"pattern={pattern}" : null,
            }.OfType<string>().Where(word => !words.Contains(word) || word.StartsWith("pattern", StringComparison.Ordinal)));
        }

        words.AddRange(Bounds.Where(name => schema[name] is not null).Select(name => $"{name}={Plain(schema[name])}"));
        words.AddRange(Exclusive.Where(name => Is(schema, name)).Select(name => name + "=true"));
        words.AddRange(schema["required"] is JsonArray { Count: > 0 } required ? [$"required={string.Join('|', required)}"] : []);
        words.AddRange(Is(schema, "nullable") ? ["nullable=true"] : []);
        words.AddRange(Is(schema, "x-kubernetes-preserve-unknown-fields") || Is(schema, "additionalProperties") ? ["open=true"] : []);
        words.AddRange((string?)schema["x-kubernetes-list-type"] is "set" or "map"
            ? [$"list={schema["x-kubernetes-list-type"]}{string.Concat((schema["x-kubernetes-list-map-keys"]?.AsArray() ?? []).Select(key => $"|{key}"))}"]
            : []);
        words.AddRange(schema["default"] is { } value ? [$"default={value.ToJsonString()}"] : []);
        return words;
    }

    private static bool Is(JsonNode schema, string name) => schema[name] is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    private static string Plain(JsonNode? value) => value!.GetValueKind() == JsonValueKind.String ? (string)value! : value.ToJsonString();

    private static IEnumerable<string> Stretches(List<int> at, string[] releases)
    {
        int start = at[0];
        for (int next = 1; next <= at.Count; next++)
        {
            int last = at[next - 1];
            if (next == at.Count || at[next] != last + 1)
            {
                yield return $"{(start == 0 ? "" : releases[start])}-{(last == releases.Length - 1 ? "" : releases[last])}";
                start = next < at.Count ? at[next] : start;
            }
        }
    }
}
