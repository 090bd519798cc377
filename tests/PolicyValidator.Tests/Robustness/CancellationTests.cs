using System.Text;
using Microsoft.AspNetCore.Http;
using PolicyValidator.Inputs;
using PolicyValidator.Playground;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Robustness;

/// <summary>Work for a result that nobody waits for any more ends, wherever it is.</summary>
public sealed class CancellationTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static TheoryData<string> Lists => ["documents", "filters", "overrides", "lists", "objects", "problems"];

    public static TheoryData<string, string> Forms => new()
    {
        { "large.json", "[" + string.Concat(Enumerable.Repeat("1,", 500_000)) + "1]" },
        { "large.yaml", string.Concat(Enumerable.Repeat("- a\n", 500_000)) },
        { "kubernetes.yaml", "apiVersion: v1\nkind: List\nitems:\n" + string.Concat(Enumerable.Repeat("- a\n", 500_000)) },
        { "extproc.yaml", "pipeline:\n" + string.Concat(Enumerable.Repeat("- name: a\n", 300_000)) },
        { "documents.yaml", string.Concat(Enumerable.Repeat("---\na: 1\n", 300_000)) },
    };

    [Theory, MemberData(nameof(Forms))]
    public void A_text_that_nobody_waits_for_is_not_read(string name, string text)
    {
        SourceText source = new(name, text);
        LintOptions options = new() { Cancellation = new CancellationToken(canceled: true) };
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<OperationCanceledException>(() => Linter.Lint([source], Target.Newest, options));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16L * text.Length);
    }

    [Theory, MemberData(nameof(Lists))]
    public void A_rule_ends_at_the_next_thing_that_it_looks_at(string list)
    {
        using CancellationTokenSource end = new();
        CancellingRule rule = new(list, end);
        LintOptions options = new() { Rules = [rule], Cancellation = end.Token };
        Assert.Throws<OperationCanceledException>(() => Linter.Lint([new SourceText("a.yaml", string.Concat(Enumerable.Repeat(Document, 10)))], Target.Newest, options));
        Assert.Equal(1, rule.Visits);
    }

    [Fact]
    public async Task A_text_that_took_too_long_gives_its_turn_to_the_next()
    {
        using LintEndpoint endpoint = new(new() { Patience = TimeSpan.FromSeconds(2), MaxConcurrent = 1, MaxTextBytes = int.MaxValue }, TimeProvider.System);
        RefusedException late = await Assert.ThrowsAsync<RefusedException>(() => AskAsync(endpoint, string.Concat(Enumerable.Repeat(Document, 100_000))));
        Assert.Equal(StatusCodes.Status503ServiceUnavailable, late.Status);
        LintAnswer answer = await AskAsync(endpoint, "disabled: false\n");
        Assert.Equal("EP011", Assert.Single(answer.Findings).Rule);
    }

    /// <summary>One of everything that the lists hold.</summary>
    private const string Document = """
        ---
        apiVersion: networking.istio.io/v1alpha3
        kind: EnvoyFilter
        metadata: {name: a}
        spec:
          configPatches:
          - applyTo: NETWORK_FILTER
            patch:
              operation: ADD
              value:
                name: envoy.filters.network.http_connection_manager
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  wrong: 1
                  http_filters:
                  - name: picker
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                      grpc_service: {envoy_grpc: {cluster_name: picker}}
                  route_config:
                    virtual_hosts:
                    - name: all
                      domains: ["*"]
                      typed_per_filter_config:
                        picker: {"@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute, disabled: true}

        """;

    private static Task<LintAnswer> AskAsync(LintEndpoint endpoint, string text)
    {
        DefaultHttpContext context = new();
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(text));
        context.Request.QueryString = new("?target=envoy=1.40");
        return endpoint.AnswerAsync(context.Request).WaitAsync(Patience);
    }

    /// <summary>Is at work when the waiting ends.</summary>
    private sealed class CancellingRule(string list, CancellationTokenSource end) : Rule
    {
        public int Visits { get; private set; }

        public override string Id => "EP000";
        public override string Name => "cancelling";
        public override Severity Severity => Severity.Hint;
        public override string Summary => "";
        public override string Why => "";
        public override IReadOnlyList<string> Sources => [];
        public override string Bad => "";
        public override string Good => "";

        public override IEnumerable<Finding> Check(RuleContext context)
        {
            foreach (object _ in Of(context))
            {
                Visits++;
                end.Cancel();
            }

            return [];
        }

        private IEnumerable<object> Of(RuleContext context) => list switch
        {
            "documents" => context.Policies.Documents,
            "filters" => context.Policies.Filters,
            "overrides" => context.Policies.Overrides,
            "lists" => context.Policies.Lists,
            "objects" => context.Policies.Objects,
            _ => context.Policies.Problems,
        };
    }
}
