using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Tests.Shared;

namespace PolicyValidator.Tests.Oracle;

/// <summary>The file around a case: a bootstrap with one listener, in JSON or as block YAML.</summary>
internal static class Skeleton
{
    public const string Placeholder = "@CONFIG@";

    private static readonly ConcurrentDictionary<(string Place, string Format), string> Texts = new();

    public static string Around(string place, string format, string config) => format == "json"
        ? Texts.GetOrAdd((place, format), key => Json(key.Place)).Replace($"\"{Placeholder}\"", config, StringComparison.Ordinal)
        : InYaml(Texts.GetOrAdd((place, format), key => Yaml(key.Place)), config);

    public static string Json(string place) =>
        File.ReadAllText(Repository.PathOf("tests", "PolicyValidator.Tests", "Oracle", "Data", $"skeleton-{place.Replace('_', '-')}.json"));

    /// <summary>JSON as block YAML.</summary>
    public static string InYaml(JsonNode node, int indent)
    {
        StringBuilder yaml = new();
        Write(node, indent, yaml);
        return yaml.ToString();
    }

    private static string Yaml(string place) => InYaml(JsonNode.Parse(Json(place))!, 0);

    /// <summary>The text goes under the placeholder's key, two deeper.</summary>
    private static string InYaml(string skeleton, string config)
    {
        int at = skeleton.IndexOf($" \"{Placeholder}\"", StringComparison.Ordinal);
        int lineStart = skeleton.LastIndexOf('\n', at) + 1;
        int indent = skeleton.AsSpan(lineStart, at - lineStart).IndexOfAnyExcept(' ', '-') + 2;
        string pad = new(' ', indent);
        string block = string.Join('\n', config.TrimEnd('\n').Split('\n').Select(line => line.Length == 0 ? line : pad + line));
        return $"{skeleton[..at]}\n{block}\n{skeleton[(at + Placeholder.Length + 4)..]}";
    }

    private static void Write(JsonNode node, int indent, StringBuilder yaml)
    {
        string pad = new(' ', indent);
        switch (node)
        {
            case JsonObject { Count: > 0 } map:
                foreach ((string key, JsonNode? value) in map)
                {
                    WriteMember($"{pad}\"{key}\":", value!, indent, yaml);
                }

                break;
            case JsonArray { Count: > 0 } list:
                foreach (JsonNode? item in list)
                {
                    WriteMember($"{pad}-", item!, indent, yaml);
                }

                break;
        }
    }

    private static void WriteMember(string head, JsonNode value, int indent, StringBuilder yaml)
    {
        if (value is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })
        {
            yaml.Append(head).Append('\n');
            Write(value, indent + 2, yaml);
        }
        else
        {
            yaml.Append(head).Append(' ').Append(value.ToJsonString()).Append('\n');
        }
    }
}
