using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Inputs;

/// <summary>What a reader refuses is said with its place and the way out; what it takes is not refused.</summary>
public sealed class ReaderMessageTests
{
    private const string Filter = "\"@type\": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\ngrpc_service: {envoy_grpc: {cluster_name: a}}\n";
    private const string Object = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";

    public static TheoryData<string, string, string, string> Refused => new()
    {
        { Filter + "request_attributes:\n-\tk: v\n", "4:2", "a tab", "use spaces" },
        { Filter + "request_attributes: v\n\t\nstat_prefix: a\n", "4:1", "a tab", "leave the line empty" },
        { Filter + "stat_prefix: a\n\tfailure_mode_allow: true\n", "4:1", "a tab", "use spaces" },
        { Filter + "request_attributes: [a\n, b]\n", "4:1", "a comma at the beginning of a line", "behind the member" },
        { Filter + "stat_prefix: @a\n", "3:14", "'@' cannot begin a value", "in quotes" },
        { Filter + "stat_prefix: \"a\\qb\"\n", "3:16", "unknown escape", "double the backslash" },
        { Filter + "stat_prefix: *a\n", "3:14", "*a has no anchor", "define &a" },
        { Filter + "request_attributes: [a\n", "3:21", "no ']' closes this", "write ']'" },
        { Object + "data:\n  -\tk: v\n", "6:4", "a tab", "use spaces" },
        { Object + "\t\ndata: {}\n", "5:1", "a tab", "leave the line empty" },
        { Object + "data:\n  a: !!int x\n", "6:12", "'x' is not what its tag says", "remove the tag" },
        { Object + "data:\n  a: .inf\n", "6:6", "a number that JSON has not", "finite" },
        { Object + "data:\n  ~: a\n", "6:3", "a key that is null", "in quotes" },
        { Object + "data:\n  <<: a\n", "6:3", "'<<'", "alias" },
        { Object + "data: {a: b\u0001}\n", "5:12", "U+0001", "remove it" },
        { Object + "--- a\n", "5:1", "text behind '---'", "next line" },
        { Object + "---\n" + Object + "data: [\n", "10:8", "where a value should", "indentation" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_refusal_says_where_and_how_to_write_it(string text, string place, string message, string help)
    {
        Finding finding = Assert.Single(Lint(text), each => each.Rule.Id == "EP020");
        PolicyValidator.Inputs.SourcePosition at = finding.Source.PositionAt(finding.Span.Start);
        Assert.Equal(place, $"{at.Line}:{at.Column}");
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
        Assert.Contains(help, finding.Help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Filter + "stat_prefix: 'a'\n\t\nfailure_mode_allow: true\n")]
    [InlineData(Filter + "request_attributes: [a]\n \t# c\nfailure_mode_allow: true\n")]
    [InlineData(Filter + "# c\n\t\nfailure_mode_allow: true\n")]
    [InlineData(Object + "data: {a: 'b'}\n   \nimmutable: true\n")]
    [InlineData(Object + "data:\n  a: 'b'\n  c: {d: 0o17,\n  }\n")]
    public void What_its_reader_takes_is_not_refused(string text) =>
        Assert.DoesNotContain(Lint(text), finding => finding.Rule.Id == "EP020");

    [Theory]
    [InlineData(Filter + "request_attributes: [a\n, b]\n", "envoy=1.37", false)]
    [InlineData(Filter + "request_attributes: [a\n, b]\n", "envoy=1.38", true)]
    public void A_comma_at_the_beginning_of_a_line_is_refused_since_Envoy_1_38(string text, string target, bool isRefused) =>
        Assert.Equal(isRefused, Lint(text, target).Any(finding => finding.Rule.Id == "EP020"));

    [Theory]
    [InlineData("envoy")]
    [InlineData("envoy.conf")]
    [InlineData("envoy.yaml")]
    public void Text_in_braces_that_is_no_JSON_is_read_as_Envoy_reads_YAML_whatever_its_key_is(string key)
    {
        string text = Object + $"data:\n  {key}: |\n    {{{Filter.ReplaceLineEndings(", ")}request_attributes: [a\n    , b]}}\n";
        Finding finding = Assert.Single(Lint(text));
        Assert.Equal("EP194", finding.Rule.Id);
        Assert.Contains("a comma at the beginning of a line", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("envoy=1.37", false)]
    [InlineData("envoy=1.38", true)]
    public void Text_in_a_value_is_read_by_the_release_that_is_asked_about(string target, bool isRefused)
    {
        string text = Object + $"data:\n  envoy.yaml: |\n    {Filter.Replace("\n", "\n    ", StringComparison.Ordinal)}request_attributes: [request.path\n    , request.host]\n";
        Assert.Equal(isRefused ? ["EP194"] : [], Lint(text, target).Select(finding => finding.Rule.Id));
    }

    [Fact]
    public void What_is_passed_over_in_a_text_in_a_value_is_told_where_it_stands()
    {
        string text = Object + $"data:\n  envoy.yaml: |2\n      {Filter.Replace("\n", "\n      ", StringComparison.Ordinal)}failure_mode_allow: true\n     stat_prefix: b\n";
        Finding finding = Assert.Single(Lint(text), each => each.Rule.Id == "EP197");
        Assert.Equal(text.IndexOf("stat_prefix", StringComparison.Ordinal), finding.Span.Start);
    }

    private static IReadOnlyList<Finding> Lint(string text, string target = "envoy=1.40") =>
        Linter.Lint([new("case.yaml", text)], Target.Parse(target)!, new LintOptions()).Findings;
}
