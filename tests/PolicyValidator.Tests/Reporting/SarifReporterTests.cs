using System.Text.Json.Nodes;

namespace PolicyValidator.Tests.Reporting;

public sealed class SarifReporterTests
{
    private static readonly JsonNode Run = JsonNode.Parse(ReportExample.Written("sarif", ReportExample.Report))!["runs"]![0]!;

    [Fact]
    public void Results_name_their_rules_by_id_and_place()
    {
        string[] rules = [.. Run["tool"]!["driver"]!["rules"]!.AsArray().Select(rule => rule!["id"]!.GetValue<string>())];
        Assert.Equal(["EP001", "EP002", "EP003"], rules);
        Assert.All(Run["results"]!.AsArray(), result => Assert.Equal(rules[result!["ruleIndex"]!.GetValue<int>()], result["ruleId"]!.GetValue<string>()));
        Assert.Equal(["note", "error", "warning"], Run["results"]!.AsArray().Select(result => result!["level"]!.GetValue<string>()));
    }

    [Fact]
    public void Places_count_code_points_and_paths_are_relative_URIs()
    {
        JsonNode place = Run["results"]![1]!["locations"]![0]!["physicalLocation"]!;
        Assert.Equal("unicodeCodePoints", Run["columnKind"]!.GetValue<string>());
        Assert.Equal("""{"startLine":2,"startColumn":6,"endLine":2,"endColumn":13}""", place["region"]!.ToJsonString());
        Assert.Equal("sub/odd%3A%20100%25%2C%20na%C3%AFve.yaml", place["artifactLocation"]!["uri"]!.GetValue<string>());
        Assert.DoesNotContain("/checkout", Run.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_fix_says_what_to_replace()
    {
        JsonNode replacement = Run["results"]![1]!["fixes"]![0]!["artifactChanges"]![0]!["replacements"]![0]!;
        Assert.Equal("""{"startLine":1,"startColumn":4,"endLine":1,"endColumn":5}""", replacement["deletedRegion"]!.ToJsonString());
        Assert.Equal("\"c\"\n", replacement["insertedContent"]!["text"]!.GetValue<string>());
    }

    [Fact]
    public void Clean_files_are_artifacts_too() => Assert.Equal(2, Run["artifacts"]!.AsArray().Count);
}
