using System.Text.Json.Nodes;
using PolicyValidator.Inputs;
using PolicyValidator.Reporting;
using PolicyValidator.Rules;
using Tests.Shared;

namespace PolicyValidator.Tests.Reporting;

public sealed class JsonReporterTests
{
    private static readonly SchemaCheck Schema =
        new((JsonObject)JsonNode.Parse(File.ReadAllText(Repository.PathOf("docs/policy-validator-report.schema.json")))!);

    [Fact]
    public void Places_count_code_points_from_one_and_ends_are_exclusive()
    {
        SourceText source = new("a.yaml", "x: \"\U0001F600é\" y\nz\n");
        Rule rule = RuleCatalog.All[0];
        Finding finding = new(rule, Severity.Warning, source, new(4, 7), "/x", "found", "write") { Fix = new("do", true, [new(new(8, 8), "\U0001F600")]) };
        JsonNode json = Written(new(Target.Newest, [new(source, [finding], [new("filter", "EnvoyFilter", 1)])]));
        JsonNode written = json["files"]![0]!["findings"]![0]!;
        Assert.Equal("[1,5,1,7]", $"[{written["line"]},{written["column"]},{written["endLine"]},{written["endColumn"]}]");
        JsonNode edit = written["fix"]!["edits"]![0]!;
        Assert.Equal("[1,8,1,8]", $"[{edit["line"]},{edit["column"]},{edit["endLine"]},{edit["endColumn"]}]");
        Assert.Equal("\U0001F600", edit["text"]!.GetValue<string>());
    }

    [Fact]
    public void The_other_places_of_a_finding_name_their_file()
    {
        SourceText source = new("a.yaml", "x: y\n"), other = new("b.yaml", "p: q\nr: s\n");
        Finding finding = new(RuleCatalog.All[0], Severity.Warning, source, new(0, 1), "/x", "found", "write") { Related = [new(other, new(8, 9), "/r", "the other")] };
        JsonNode json = Written(new(Target.Newest, [new(source, [finding], [new("filter", "EnvoyFilter", 1)]), new(other, [], [])]));
        Assert.Equal(
            """[{"path":"b.yaml","line":2,"column":4,"endLine":2,"endColumn":5,"pointer":"/r","message":"the other"}]""",
            json["files"]![0]!["findings"]![0]!["related"]!.ToJsonString());
    }

    [Theory]
    [InlineData("kgateway=2.3")]
    [InlineData("agentgateway")]
    [InlineData("agentgateway=1.3")]
    [InlineData("gcp")]
    public void The_schema_knows_every_kind_of_target(string target) => Written(new(Target.Parse(target)!, []));

    [Fact]
    public void Clean_files_are_there_too()
    {
        JsonNode json = Written(new(Target.Parse("envoy=1.38.3")!, [new(new("clean.yaml", ""), [], [])]));
        Assert.Equal("""{"schemaVersion":1,"target":"envoy=1.38.3","files":[{"path":"clean.yaml","found":[],"findings":[],"suppressed":[]}],"passedOver":[]}""", json.ToJsonString());
    }

    [Theory]
    [InlineData(PassedOverReason.KustomizePatch, true, """{"path":"a.yaml","reason":"kustomize-patch","speaksOfExtProc":true}""")]
    [InlineData(PassedOverReason.Template, true, """{"path":"a.yaml","reason":"template","speaksOfExtProc":true}""")]
    [InlineData(PassedOverReason.NotOurs, false, """{"path":"a.yaml","reason":"not-ours","speaksOfExtProc":false}""")]
    [InlineData(PassedOverReason.NotAFile, false, """{"path":"a.yaml","reason":"not-a-file","speaksOfExtProc":false}""")]
    [InlineData(PassedOverReason.LeadsOut, false, """{"path":"a.yaml","reason":"leads-out","speaksOfExtProc":false}""")]
    public void Files_that_are_not_judged_are_there_with_the_reason(PassedOverReason reason, bool speaks, string written) =>
        Assert.Equal($"[{written}]", Written(new(Target.Newest, []) { PassedOver = [new("a.yaml", reason, speaks)] })["passedOver"]!.ToJsonString());

    [Fact]
    public void What_lint_prints_for_every_example_fits_the_schema()
    {
        foreach (Rule rule in RuleCatalog.All)
        {
            Cli.Run run = Cli.Run.WithInput(rule.Bad, "lint", "--format", "json", "--target", rule.ExampleTarget.Text, "-");
            Assert.Empty(Schema.Problems(JsonNode.Parse(run.Output)));
        }
    }

    [Theory]
    [InlineData("""{"schemaVersion":2,"target":"envoy=1.40","files":[]}""")]
    [InlineData("""{"schemaVersion":1,"target":"1.40","files":[]}""")]
    [InlineData("""{"schemaVersion":1,"target":"envoy=1.40","files":[{"path":"a"}]}""")]
    [InlineData("""{"schemaVersion":1,"target":"envoy=1.40","files":[{"path":"a","findings":[],"more":1}]}""")]
    public void The_schema_refuses_other_shapes(string json) => Assert.NotEmpty(Schema.Problems(JsonNode.Parse(json)));

    private static JsonNode Written(LintReport report)
    {
        StringWriter output = new();
        new JsonReporter().Write(report, output);
        JsonNode json = JsonNode.Parse(output.ToString())!;
        Assert.Empty(Schema.Problems(json));
        return json;
    }
}
