using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Surfaces;

/// <summary>What a definition refuses comes with what it wants, in the user's own values.</summary>
public sealed class WantedShapeTests
{
    private const string Duration = "write a duration of up to four parts, each up to five digits and h, m, s or ms: 200ms, 5s, 1h30m";

    /// <summary>The target, what is wrong in an object that is right otherwise, and the help.</summary>
    public static TheoryData<string, string, string> Cases => new()
    {
        { "gcp", "celExpressions: ['request.path == \"/a\"']", "write celMatcher: 'request.path == \"/a\"' in its place" },
        { "gcp", "celExpressions: [\"request.host == 'a'\"]", "write celMatcher: 'request.host == ''a''' in its place" },
        { "gcp", "celExpressions: ['true']", "write celMatcher: 'true' in its place; use the attributes, operators and functions of the CEL matcher language; 1 == 1 matches everything" },
        { "gcp", "celExpressions: request.path", "write a list" },
        { "gcp", "celExpression: 'true'", "did you mean 'celExpressions'?" },
        { "gcp", "celExpressions: [{celmatcher: 1 == 1}]", "did you mean 'celMatcher'?" },
        { "gcp", "celExpressions: [5]", "write a mapping with backendRefs, celMatcher" },
        { "kgateway=2.3", "messageTimeout: 100", Duration },
        { "kgateway=2.3", "messageTimeout: 0.2s", Duration },
        { "kgateway=2.3", "processingMode: {request_body_mode: BUFFERED}", "did you mean 'requestBodyMode'?" },
        { "kgateway=2.3", "processingMode: {requestBodyMode: buffered}", "write BUFFERED" },
        { "kgateway=2.3", "processingMode: {requestBodyMode: BufferedPartial}", "write BUFFERED_PARTIAL" },
        { "kgateway=2.3", "processingMode: {requestBodyMode: DUPLEX_STREAMED}", "write FULL_DUPLEX_STREAMED" },
        { "kgateway=2.3", "requestAttributes: [request.path]", "remove it, or use kgateway 2.4 or later" },
        { "kgateway=2.0", "statPrefix: x", "remove it, or use kgateway 2.1 or later" },
        { "kgateway=2.3", "routeCacheAction: 1", "write one of Clear, FromResponse, Retain" },
        { "agentgateway=1.4", "failureMode: FAIL_OPEN", "write FailOpen" },
        { "agentgateway=1.3", "failureMode: FailOpen", "remove it, or use agentgateway 1.4 or later" },
        { "agentgateway=1.4", "processingOptions: {requestBodyMode: STREAMED}", "use one of Buffered, BufferedPartial, FullDuplexStreamed, None" },
    };

    [Theory, MemberData(nameof(Cases))]
    public void The_help_says_what_is_wanted(string target, string line, string help)
    {
        Finding finding = Assert.Single(Linter.Lint([new SourceText("a.yaml", Around(target, line))], Target.Parse(target)!, new LintOptions()).Findings, finding => finding.Severity == Severity.Error);
        Assert.Equal(help, finding.Help);
    }

    [Theory]
    [InlineData("1 == 1", 0)]
    [InlineData("request.path.startsWith(\"/api\") && !request.headers[\"x\"].contains(\"a\")", 0)]
    [InlineData("true", 1)]
    public void A_matcher_in_words_that_the_published_definition_lacks_is_a_hint(string matcher, int hints) => Assert.Equal(
        Enumerable.Repeat("EP052 Hint", hints),
        Linter.Lint([new SourceText("a.yaml", Around("gcp", $"celExpressions: [{{celMatcher: '{matcher}'}}]"))], Target.Newest, new LintOptions()).Findings
            .Select(finding => $"{finding.Rule.Id} {finding.Severity}"));

    private static string Around(string target, string line) => target.Split('=')[0] switch
    {
        "gcp" => $$$"""
            apiVersion: networking.gke.io/v1
            kind: GCPTrafficExtension
            metadata: {name: a}
            spec:
              targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: g}]
              extensionChains:
              - name: chain
                matchCondition:
                  {{{line}}}
                extensions:
                - {name: a, authority: a.example, timeout: 1s, supportedEvents: [RequestHeaders], backendRef: {kind: Service, name: a, port: 1}}

            """,
        "kgateway" => $$$"""
            apiVersion: gateway.kgateway.dev/v1alpha1
            kind: GatewayExtension
            metadata: {name: a}
            spec:
              type: ExtProc
              extProc:
                grpcService: {backendRef: {name: a, port: 1}}
                {{{line}}}

            """,
        _ => $$$"""
            apiVersion: agentgateway.dev/v1alpha1
            kind: AgentgatewayPolicy
            metadata: {name: a}
            spec:
              targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: r}]
              traffic:
                extProc:
                  backendRef: {name: a, port: 1}
                  {{{line}}}

            """,
    };
}
