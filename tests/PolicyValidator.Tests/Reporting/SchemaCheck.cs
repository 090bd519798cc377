using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PolicyValidator.Tests.Reporting;

/// <summary>As much of JSON Schema as our own schema uses; a keyword that it does not know fails the test.</summary>
internal sealed class SchemaCheck(JsonObject schema)
{
    private static readonly string[] Comments = ["$schema", "$defs", "title", "description"];

    /// <summary>What is wrong with a value, each with its path; nothing when it fits.</summary>
    public IEnumerable<string> Problems(JsonNode? value) => Problems(schema, value, "");

    private IEnumerable<string> Problems(JsonObject rules, JsonNode? value, string path) =>
        rules.Where(rule => !Comments.Contains(rule.Key)).SelectMany(rule => Problems(rules, rule.Key, rule.Value!, value, path));

    private IEnumerable<string> Problems(JsonObject rules, string keyword, JsonNode rule, JsonNode? value, string path) => keyword switch
    {
        "$ref" => Problems((JsonObject)schema["$defs"]![rule.GetValue<string>()["#/$defs/".Length..]]!, value, path),
        "type" => Unless(TypeOf(value) == rule.GetValue<string>(), $"{path} is not of type {rule}"),
        "const" => Unless(JsonNode.DeepEquals(rule, value), $"{path} is not {rule}"),
        "enum" => Unless(rule.AsArray().Any(each => JsonNode.DeepEquals(each, value)), $"{path} is none of {rule}"),
        "pattern" when TypeOf(value) == "string" => Unless(Regex.IsMatch(value!.GetValue<string>(), rule.GetValue<string>()), $"{path} does not match {rule}"),
        "minLength" when TypeOf(value) == "string" => Unless(value!.GetValue<string>().Length >= rule.GetValue<int>(), $"{path} is too short"),
        "minimum" when TypeOf(value) == "integer" => Unless(value!.GetValue<long>() >= rule.GetValue<int>(), $"{path} is below {rule}"),
        "maximum" when TypeOf(value) == "integer" => Unless(value!.GetValue<long>() <= rule.GetValue<int>(), $"{path} is above {rule}"),
        "minItems" when value is JsonArray list => Unless(list.Count >= rule.GetValue<int>(), $"{path} has too few items"),
        "items" when value is JsonArray list => list.SelectMany((item, index) => Problems((JsonObject)rule, item, $"{path}/{index}")),
        "required" when value is JsonObject => rule.AsArray().Select(name => name!.GetValue<string>()).Where(name => !value!.AsObject().ContainsKey(name)).Select(name => $"{path}/{name} is missing"),
        "properties" when value is JsonObject => value!.AsObject().Where(field => rule[field.Key] is not null).SelectMany(field => Problems((JsonObject)rule[field.Key]!, field.Value, $"{path}/{field.Key}")),
        "additionalProperties" when value is JsonObject => value!.AsObject().Where(field => rules["properties"]![field.Key] is null).Select(field => $"{path}/{field.Key} is unknown"),
        "allOf" => rule.AsArray().SelectMany(each => Problems((JsonObject)each!, value, path)),
        "anyOf" => Unless(rule.AsArray().Any(each => !Safe((JsonObject)each!, value, path)), $"{path} fits none of {rule}"),
        "oneOf" => Unless(rule.AsArray().Count(each => !Safe((JsonObject)each!, value, path)) == 1, $"{path} fits not exactly one of {rule}"),
        "pattern" or "minLength" or "minimum" or "maximum" or "minItems" or "items" or "required" or "properties" or "additionalProperties" => [], // of another type, which "type" tells
        _ => [$"the schema uses {keyword}, which this check does not know"],
    };

    private bool Safe(JsonObject rules, JsonNode? value, string path) =>
        (rules["type"] is { } type && TypeOf(value) != type.GetValue<string>())
        || (rules["$ref"] is not null && value is not JsonObject)
        || Problems(rules, value, path).Any();

    private static string[] Unless(bool holds, string problem) => holds ? [] : [problem];

    private static string TypeOf(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "object",
        JsonArray => "array",
        _ => value.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.String => "string",
            System.Text.Json.JsonValueKind.Number => "integer",
            _ => "boolean",
        },
    };
}
