using PolicyValidator.Inputs;
using PolicyValidator.Rules;
using Tests.Shared;

namespace PolicyValidator.Tests.Surfaces;

/// <summary>What is said about a product's resource is said in the product's names, and its own defaults count.</summary>
public sealed class ProductWordsTests
{
    private static readonly string[] KgatewayModes = ["STREAMED", "BUFFERED", "FULL_DUPLEX_STREAMED", "NONE"];
    private static readonly string[] KgatewayFields =
    [
        "failOpen: true", "allowProcessingModeOverride: true", "allowedProcessingModeOverrides: [{requestBodyMode: FULL_DUPLEX_STREAMED}]",
        "messageTimeout: 20s, maxMessageTimeout: 1s", "requestAttributes: [1 + true]",
    ];

    private static readonly string[] EnvoyGatewayModes = ["Streamed", "Buffered", "FullDuplexStreamed"];
    private static readonly string[] EnvoyGatewayFields = ["failOpen: true", "messageTimeout: 20s", "shadowMode: true", "statusOnError: 503"];

    private const string Duplex = "{requestBodyMode: FULL_DUPLEX_STREAMED, requestTrailerMode: SEND}";

    [Fact]
    public void No_finding_names_a_field_that_the_product_calls_otherwise()
    {
        int seen = 0;
        foreach (Finding finding in Texts().SelectMany(input => Linter.Lint([new SourceText("a.yaml", input.Text)], input.Target, new LintOptions()).Findings))
        {
            if (finding.Document?.Translation is { Names.Count: > 0 } translation)
            {
                seen++;
                string[] texts = [finding.Message, finding.Help, finding.Fix?.Title ?? "", .. finding.Related.Select(place => place.Message)];
                Assert.All(texts, text => Assert.Equal(translation.InItsNames(text), text));
            }
        }

        Assert.True(seen > 20, $"only {seen} findings were about a product's resource");
    }

    [Theory]
    [InlineData("kgateway=2.1", "", "EP126", "failOpen is left out, which means true")]
    [InlineData("kgateway=2.5", "", "EP126", "failOpen is left out, which means true")]
    [InlineData("kgateway=2.3", "failOpen: true", "EP126", "failOpen is true")]
    [InlineData("kgateway=2.3", "failOpen: null", "EP126", "failOpen is left out")]
    public void Of_kgateway_failing_open_is_told_in_its_own_words(string target, string written, string id, string message)
    {
        Finding finding = Assert.Single(Found(target, written), finding => finding.Severity == Severity.Warning);
        Assert.Equal(id, finding.Rule.Id);
        Assert.Contains(message, finding.Message, StringComparison.Ordinal);
        Assert.Contains("failOpen: false", finding.Help, StringComparison.Ordinal);
        Assert.DoesNotContain("delete", finding.Help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kgateway=2.3")]
    [InlineData("kgateway=2.1")]
    public void The_help_against_failing_open_helps(string target) =>
        Assert.DoesNotContain(Found(target, "failOpen: false"), finding => finding.Severity != Severity.Hint);

    [Fact]
    public void An_extension_of_kgateway_2_0_has_no_failOpen_and_does_not_open() =>
        Assert.Equal("EP051 EP051", string.Join(' ', Found("kgateway=2.0", "failOpen: true", "type: ExtProc").Select(finding => finding.Rule.Id)));

    private static IReadOnlyList<Finding> Found(string target, string written, string type = "") => Linter.Lint([new SourceText("a.yaml", $$$"""
        apiVersion: gateway.kgateway.dev/v1alpha1
        kind: GatewayExtension
        metadata: {name: a}
        spec:
          {{{type}}}
          extProc:
            grpcService: {backendRef: {name: p, port: 1}}
            {{{written}}}
            processingMode: {{{Duplex}}}

        """)], Target.Parse(target)!, new LintOptions()).Findings;

    private static IEnumerable<(string Text, Target Target)> Texts() =>
    [
        .. Directory.GetFiles(Repository.PathOf("tests", "PolicyValidator.Tests", "Surfaces", "Corpus"), "*.yaml").Select(File.ReadAllText).Select(text => (text, CorpusTests.TargetOf(text))),
        .. ShapeTests.Shapes.Select(row => ((string)row[2], Target.Parse((string)row[1])!)),
        .. from mode in KgatewayModes
           from more in KgatewayFields
           select ($"{{apiVersion: gateway.kgateway.dev/v1alpha1, kind: GatewayExtension, metadata: {{name: a}}, spec: {{extProc: {{grpcService: {{backendRef: {{name: p, port: 1}}}}, {more}, processingMode: {{requestHeaderMode: SKIP, responseHeaderMode: SKIP, requestBodyMode: {mode}, responseBodyMode: {mode}}}}}}}}}", Target.Parse("kgateway=2.5")!),
        .. from mode in EnvoyGatewayModes
           from more in EnvoyGatewayFields
           select (Shape.Policy($"{more}, processingMode: {{allowModeOverride: true, request: {{body: {mode}}}, response: {{body: {mode}}}}}"), Target.Parse("eg=1.9")!),
    ];
}
