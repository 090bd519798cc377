using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyValidator.Configuration;
using PolicyValidator.Tests.Cluster;
using PolicyValidator.Tests.Reporting;
using Tests.Shared;
using YamlDotNet.RepresentationModel;

namespace PolicyValidator.Tests.Configuration;

public sealed class ConfigSchemaTests
{
    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly SchemaCheck Check = new(ConfigSchema.Make());

    [Fact]
    public void The_schema_for_editors_is_made_of_the_reader() =>
        Golden.File("docs/policy-validator.schema.json", ConfigSchema.Make().ToJsonString(Form) + "\n");

    [Fact]
    public void It_takes_what_the_reader_takes() =>
        Assert.All(ConfigCases.Good.Where(text => text.Contains(':', StringComparison.Ordinal)), text => Assert.Empty(Problems(text)));

    [Fact]
    public void It_refuses_what_the_reader_refuses() => Assert.All(ConfigCases.Bad, bad => Assert.NotEmpty(Problems(bad.Text)));

    [Fact]
    public void The_README_lists_every_setting() => Golden.Section(
        "src/PolicyValidator/README.md",
        "settings",
        "| setting | what it says |\n|---|---|\n" + string.Concat(ConfigKey.All.Select(key => $"| `{key.Name}` | {key.Help} |\n")));

    /// <summary>The JSON that a YAML text says.</summary>
    internal static JsonNode? Json(string text)
    {
        YamlStream yaml = [];
        yaml.Load(new StringReader(text));
        return YamlJson.Of(yaml.Documents[0].RootNode);
    }

    private static IEnumerable<string> Problems(string text) => Check.Problems(Json(text));
}
