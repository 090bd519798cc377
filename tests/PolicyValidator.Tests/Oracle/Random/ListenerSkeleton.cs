using System.Text.Json.Nodes;

namespace PolicyValidator.Tests.Oracle.Random;

/// <summary>The listener of a skeleton alone, with its type and a name of its own.</summary>
internal static class ListenerSkeleton
{
    public static string Json(string place, int number)
    {
        JsonNode listener = JsonNode.Parse(Skeleton.Json(place))!["static_resources"]!["listeners"]![0]!;
        listener["name"] = $"case{number}";
        listener.AsObject().Insert(0, "@type", "type.googleapis.com/envoy.config.listener.v3.Listener");
        return listener.ToJsonString();
    }

    /// <param name="place">The skeleton.</param>
    /// <param name="number">Makes the name.</param>
    /// <param name="config">Writes the config for the indent below its key.</param>
    public static string Yaml(string place, int number, Func<int, string> config)
    {
        string yaml = Skeleton.InYaml(JsonNode.Parse(Json(place, number))!, 2);
        int at = yaml.IndexOf($" \"{Skeleton.Placeholder}\"\n", StringComparison.Ordinal);
        int lineStart = yaml.LastIndexOf('\n', at) + 1;
        int indent = yaml.AsSpan(lineStart, at - lineStart).IndexOfAnyExcept(' ', '-') + 2;
        return yaml[..at] + config(indent) + yaml[(at + Skeleton.Placeholder.Length + 4)..];
    }

    /// <summary>A recorded config in its listener.</summary>
    public static string Around(string place, string format, string config, int number) => format == "json"
        ? Json(place, number).Replace($"\"{Skeleton.Placeholder}\"", config, StringComparison.Ordinal)
        : Yaml(place, number, indent => $"\n{string.Join('\n', config.TrimEnd('\n').Split('\n').Select(line => line.Length == 0 ? line : new string(' ', indent) + line))}\n");

    /// <summary>The file that Envoy watches.</summary>
    public static string DiscoveryResponse(string format, string listener, int number) => format == "json"
        ? $$"""{"version_info": "{{number}}", "resources": [{{listener}}]}"""
        : $"version_info: \"{number}\"\nresources:\n-\n{listener}";
}
