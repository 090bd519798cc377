using System.Text.Json;
using PolicyValidator.Rules;

namespace PolicyValidator.Reporting;

/// <summary>The part of SARIF that is about the program: its name and the rules that its results name.</summary>
internal static class SarifTool
{
    /// <summary>Writes <c>tool</c>.</summary>
    public static void Write(IEnumerable<Rule> rules, Utf8JsonWriter json)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", Product.Name);
        json.WriteString("version", Product.Version);
        json.WriteString("semanticVersion", Product.Version);
        json.WriteString("informationUri", Product.Home);
        json.WriteStartArray("rules");
        foreach (Rule rule in rules)
        {
            WriteRule(rule, json);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A severity in SARIF's words.</summary>
    public static string Level(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "note",
    };

    /// <summary>Writes a message, which SARIF wraps into an object.</summary>
    public static void WriteText(string name, string text, Utf8JsonWriter json)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }

    /// <summary>Writes a text about a user's file. Brackets before a parenthesis would be a link.</summary>
    public static void WriteMessage(string name, string text, Utf8JsonWriter json) =>
        WriteText(name, text.Replace("](", "] (", StringComparison.Ordinal), json);

    private static void WriteRule(Rule rule, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id", rule.Id);
        json.WriteString("name", string.Concat(rule.Name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..])));
        WriteText("shortDescription", rule.Summary, json);
        WriteText("fullDescription", $"{rule.Summary} {rule.Why}", json);
        json.WriteStartObject("help");
        json.WriteString("text", $"{rule.Summary} {rule.Why}\n\nBad:\n\n{rule.Bad}\nGood:\n\n{rule.Good}");
        json.WriteString("markdown", $"{rule.Summary}\n\n{rule.Why}\n\nBad:\n\n```yaml\n{rule.Bad.TrimEnd('\n')}\n```\n\nGood:\n\n```yaml\n{rule.Good.TrimEnd('\n')}\n```\n");
        json.WriteEndObject();
        json.WriteString("helpUri", Product.PageOf(rule));
        json.WriteStartObject("defaultConfiguration");
        json.WriteString("level", Level(rule.Severity));
        json.WriteEndObject();
        json.WriteStartObject("properties");
        json.WriteString("precision", "very-high");
        json.WriteString("problem.severity", rule.Severity == Severity.Hint ? "recommendation" : SeverityNames.Of(rule.Severity));
        json.WriteStartArray("tags");
        json.WriteStringValue("envoy");
        json.WriteStringValue("ext_proc");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
