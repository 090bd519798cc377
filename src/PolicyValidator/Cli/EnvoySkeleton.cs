using System.Text;
using System.Text.Json.Nodes;
using PolicyValidator.Decoding;
using PolicyValidator.Inputs;

namespace PolicyValidator.Cli;

/// <summary>
/// The bootstrap around a document that is not one itself. The document's own text goes in, letter by letter, because Envoy reads
/// YAML and JSON by different rules: into block YAML, or into JSON.
/// </summary>
internal static class EnvoySkeleton
{
    private const string Place = "@CONFIG@";

    private static readonly JsonNode Router = JsonNode.Parse(
        """{"name": "router", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}""")!;

    /// <summary>A whole file for a document; null for kinds that Envoy reads only from a management server, or not at all.</summary>
    public static string? Around(SourceDocument document)
    {
        if (document.Root is not { } root)
        {
            return document.Source.Text; // No document, but a text: whether it is none for Envoy either can be asked.
        }

        string type = (root as MappingNode)?["@type"] is ScalarNode written ? written.Value[(written.Value.LastIndexOf('/') + 1)..] : "";
        return (type, root) switch
        {
            (TypeUrls.Filter, _) => Fill(Filter(Place), document),
            (TypeUrls.PerRoute, _) => Fill(Route(Place), document),
            ("envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager", _) => Fill(Manager(Place), document),
            (_, MappingNode mapping) when mapping.Field("static_resources") is not null => document.Source.Text,
            (_, MappingNode mapping) when mapping.Field("typed_config") is not null && mapping.Field("name") is not null => Fill(Http(Place, null), document),
            (_, SequenceNode) => Fill(Manager(HttpManager(JsonValue.Create(Place), null)), document),
            _ => null,
        };
    }

    /// <summary>
    /// All lines of a document, from the one on which its value begins to the mark behind it, if there is one: between brackets, behind
    /// them and in comments nothing is left out.
    /// </summary>
    private static string TextOf(SourceDocument document)
    {
        SourceText source = document.Source;
        int start = document.Root!.Span.Start, line = source.PositionAt(start).Line, end = source.Text.Length;
        for (int next = line + 1; next <= source.LineCount; next++)
        {
            if (document.Format == SourceFormat.Yaml && IsMark(source.Line(next)))
            {
                end = source.LineStart(next);
                break;
            }
        }

        // A value that begins behind a dash or blanks keeps its column: the lines below are indented by it.
        return new string(' ', document.Format == SourceFormat.Yaml ? source.PositionAt(start).Column - 1 : 0) + source.Text[start..end].TrimEnd();
    }

    private static bool IsMark(ReadOnlySpan<char> line) => line.StartsWith("---") || line.StartsWith("...");

    private static string Fill(JsonNode skeleton, SourceDocument document)
    {
        string text = TextOf(document);
        if (document.Format == SourceFormat.Json)
        {
            return skeleton.ToJsonString().Replace($"\"{Place}\"", text, StringComparison.Ordinal);
        }

        StringBuilder yaml = new();
        WriteYaml(yaml, skeleton, 0, text);
        return yaml.ToString();
    }

    private static JsonObject Filter(JsonNode config) => Http(new JsonObject { ["name"] = "envoy.filters.http.ext_proc", ["typed_config"] = config }, null);

    private static JsonObject Route(JsonNode config) => Http(
        JsonNode.Parse("""{"name": "envoy.filters.http.ext_proc", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor", "grpc_service": {"envoy_grpc": {"cluster_name": "ext_proc"}}}}""")!,
        config);

    private static JsonObject Http(JsonNode filter, JsonNode? perRoute) => Manager(HttpManager(new JsonArray(filter, Router.DeepClone()), perRoute));

    private static JsonObject HttpManager(JsonNode filters, JsonNode? perRoute)
    {
        JsonObject route = new() { ["match"] = new JsonObject { ["prefix"] = "/" }, ["direct_response"] = new JsonObject { ["status"] = 200 } };
        if (perRoute is not null)
        {
            route["typed_per_filter_config"] = new JsonObject { ["envoy.filters.http.ext_proc"] = perRoute };
        }

        return new()
        {
            ["@type"] = "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            ["stat_prefix"] = "asked",
            ["route_config"] = new JsonObject { ["virtual_hosts"] = new JsonArray(new JsonObject { ["name"] = "all", ["domains"] = new JsonArray("*"), ["routes"] = new JsonArray(route) }) },
            ["http_filters"] = filters,
        };
    }

    private static JsonObject Manager(JsonNode manager) => new()
    {
        ["static_resources"] = new JsonObject
        {
            ["listeners"] = new JsonArray(new JsonObject
            {
                ["name"] = "asked",
                ["bind_to_port"] = false,
                ["address"] = JsonNode.Parse("""{"socket_address": {"address": "127.0.0.1", "port_value": 10000}}"""),
                ["filter_chains"] = new JsonArray(new JsonObject { ["filters"] = new JsonArray(new JsonObject { ["name"] = "http", ["typed_config"] = manager }) }),
            }),
        },
    };

    /// <summary>Block YAML, with the document's lines indented under the key where it stands.</summary>
    private static void WriteYaml(StringBuilder yaml, JsonNode? node, int indent, string document)
    {
        string blank = new(' ', indent);
        switch (node)
        {
            case JsonObject mapping:
                foreach ((string key, JsonNode? value) in mapping)
                {
                    yaml.Append($"{blank}\"{key}\":");
                    WriteYamlValue(yaml, value, indent + 2, document);
                }

                break;
            case JsonArray list:
                foreach (JsonNode? item in list)
                {
                    yaml.Append($"{blank}-");
                    WriteYamlValue(yaml, item, indent + 2, document);
                }

                break;
        }
    }

    private static void WriteYamlValue(StringBuilder yaml, JsonNode? value, int indent, string document)
    {
        if (value is JsonValue scalar && scalar.ToString() == Place)
        {
            string blank = new(' ', indent);
            yaml.Append('\n').Append(blank).Append(document.Replace("\n", "\n" + blank, StringComparison.Ordinal)).Append('\n');
            return;
        }

        yaml.Append(value is JsonValue ? $" {value.ToJsonString()}\n" : "\n");
        WriteYaml(yaml, value, indent, document);
    }
}
