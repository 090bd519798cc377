using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Tests.Shared;

namespace PolicyValidator.Tests.Reporting;

public sealed partial class EditorPageTests
{
    private static readonly JsonNode[] Blocks =
        [.. Block().Matches(File.ReadAllText(Repository.PathOf("docs", "integrations", "editors.md"))).Select(match => JsonNode.Parse(match.Groups["json"].Value)!)];

    [Fact]
    public void The_problem_matcher_reads_the_text_report()
    {
        JsonNode pattern = Blocks.Select(block => block["problemMatcher"]?["pattern"]).OfType<JsonNode>().Single();
        string line = ReportExample.Written("text", ReportExample.Report).Split('\n').First(line => line.Contains(": error: ", StringComparison.Ordinal));
        Match match = Regex.Match(line, pattern["regexp"]!.GetValue<string>());
        string Part(string name) => match.Groups[pattern[name]!.GetValue<int>()].Value;
        Assert.Equal(("/checkout/sub/odd: 100%, naïve.yaml", "2", "6", "error", "EP002"), (Part("file"), Part("line"), Part("column"), Part("severity"), Part("code")));
        Assert.StartsWith("50% <odd>", Part("message"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_schemas_that_it_names_are_there() => Assert.All(
        Blocks.Select(block => block["yaml.schemas"]).OfType<JsonObject>().Single(),
        schema => Assert.True(File.Exists(Repository.PathOf(schema.Key["../extproc/".Length..]))));

    [GeneratedRegex(@"^```json\n(?<json>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();
}
