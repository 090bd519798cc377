using System.Text.Json.Nodes;
using PolicyValidator.Configuration;
using PolicyValidator.Reporting;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Configuration;

/// <summary>The JSON schema of the configuration file, made of the reader's own table.</summary>
internal static class ConfigSchema
{
    private const string Beginnings = "^[Ee][Pp][0-9]{0,2}$";

    public static JsonObject Make() => new()
    {
        ["$schema"] = "http://json-schema.org/draft-07/schema#",
        ["title"] = ConfigSettings.FileName,
        ["description"] = "Settings of policy-validator. Flags of the command line go before them.",
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(ConfigKey.All.Select(key => KeyValuePair.Create(key.Name, (JsonNode?)Described(key.Help, Form(key.Name))))),
        ["$defs"] = new JsonObject
        {
            ["rule"] = new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["enum"] = Words(RuleCatalog.All.SelectMany(rule => (string[])[rule.Id, rule.Name])) }, new JsonObject { ["type"] = "string", ["pattern"] = Beginnings }) },
            ["rules"] = ListOf(new JsonObject { ["$ref"] = "#/$defs/rule" }),
            ["globs"] = ListOf(new JsonObject { ["type"] = "string", ["pattern"] = "^.{1,512}$" }),
            ["severity"] = new JsonObject { ["enum"] = Words(["error", "warning", "hint"]) },
        },
    };

    private static JsonObject Form(string key) => key switch
    {
        "target" => new() { ["type"] = "string", ["pattern"] = @"^((envoy|eg|istio|kgateway|agentgateway)=[0-9]+\.[0-9]+(\.[0-9]+)?|agentgateway|gcp)$" },
        "failOn" => new() { ["enum"] = Words(["warning", "error"]) },
        "format" => new() { ["enum"] = Words(Reporters.Names) },
        "select" or "ignore" => new() { ["$ref"] = "#/$defs/rules" },
        "include" or "exclude" => new() { ["$ref"] = "#/$defs/globs" },
        "severity" => Severities(),
        "ignorePaths" => ListOf(PathIgnore()),
        "forceExclude" => new() { ["type"] = "boolean" },
        "maxFileBytes" or "maxTotalBytes" or "maxFindings" => new() { ["type"] = "integer", ["minimum"] = 1 },
        "maxSeconds" => new() { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = 86_400 },
        "baseline" => Text(),
        _ => throw new ArgumentException($"what form has {key}?", nameof(key)),
    };

    private static JsonObject Severities() => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject(RuleCatalog.All.SelectMany(rule => (string[])[rule.Id, rule.Name])
            .Concat(["EP0", "EP1", "EP2"])
            .Select(word => KeyValuePair.Create(word, (JsonNode?)new JsonObject { ["$ref"] = "#/$defs/severity" }))),
    };

    private static JsonObject PathIgnore() => new()
    {
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["required"] = Words(ConfigKey.PathIgnoreKeys.Keys),
        ["properties"] = new JsonObject(ConfigKey.PathIgnoreKeys.Select(key => KeyValuePair.Create(key.Key, (JsonNode?)Described(key.Value, key.Key switch
        {
            "rules" => new() { ["$ref"] = "#/$defs/rules" },
            "paths" => new() { ["$ref"] = "#/$defs/globs" },
            _ => Text(),
        })))),
    };

    /// <summary>Beside a reference draft 7 reads nothing, so that goes into a list of one.</summary>
    private static JsonObject Described(string help, JsonObject form) => form["$ref"] is null
        ? new(form.Select(each => KeyValuePair.Create(each.Key, each.Value?.DeepClone())).Prepend(new("description", help)))
        : new() { ["description"] = help, ["allOf"] = new JsonArray(form) };

    private static JsonObject Text() => new() { ["type"] = "string", ["minLength"] = 1 };

    private static JsonObject ListOf(JsonObject item) => new() { ["type"] = "array", ["minItems"] = 1, ["items"] = item };

    private static JsonArray Words(IEnumerable<string> words) => [.. words.Select(word => (JsonNode)word)];
}
