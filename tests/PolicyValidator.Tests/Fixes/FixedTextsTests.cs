using PolicyValidator.Fixes;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Fixes;

/// <summary>The texts of a run are fixed together.</summary>
public sealed class FixedTextsTests
{
    private const string Head = "\"@type\": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\ngrpc_service: {envoy_grpc: {cluster_name: p}}\n";

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(300)]
    public void The_number_of_lints_does_not_grow_with_that_of_the_texts(int count)
    {
        int lints = 0;
        FixedTexts made = FixApplier.Apply(
            [.. Enumerable.Range(0, count).Select(each => Duplex($"{each}.yaml"))],
            texts =>
            {
                lints++;
                return Lint(texts);
            },
            unsafeToo: false);
        Assert.Equal(2, lints);
        Assert.Equal(Enumerable.Repeat(1, count), made.Applied);
        Assert.All(made.Result.Sources, source => Assert.EndsWith("request_trailer_mode: SEND}\n", source.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void What_remains_speaks_of_the_new_texts_only()
    {
        SourceText choice = new("b.yaml", Head + "processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SKIP}\n");
        FixedTexts made = FixApplier.Apply([Duplex("a.yaml"), choice, new("c.yaml", "a: b\n")], Lint, unsafeToo: false);
        Assert.Equal([1, 0, 0], made.Applied);
        Assert.Same(made.Result.Sources[1], Assert.Single(made.Result.Findings).Source);
        Assert.All(made.Result.Policies.Documents, document => Assert.Contains(document.Source, made.Result.Sources));
    }

    /// <summary>Two rules want another word in one place: the first wins, the other is asked again when the text is new.</summary>
    [Fact]
    public void Of_fixes_that_overlap_one_is_made_a_round()
    {
        FixedTexts made = FixApplier.Apply([new("a.yaml", "x: 1\n"), new("b.yaml", "y: 1\n")], Scripted(("x: 1", "x: 2"), ("x: 1", "x: 3"), ("x: 2", "x: 4"), ("y: 1", "y: 2")), unsafeToo: false);
        Assert.Equal(["x: 4\n", "y: 2\n"], made.Result.Sources.Select(source => source.Text));
        Assert.Equal([2, 1], made.Applied);
    }

    [Fact]
    public void Fixes_that_undo_each_other_end()
    {
        FixedTexts made = FixApplier.Apply([new("a.yaml", "x: 1\n"), new("b.yaml", "y: 1\n")], Scripted(("x: 1", "x: 2"), ("x: 2", "x: 1"), ("y: 1", "y: 2")), unsafeToo: false);
        Assert.Equal("y: 2\n", made.Result.Sources[1].Text);
    }

    /// <summary>One text that a fix would break is as it was; the others are fixed all the same.</summary>
    [Fact]
    public void A_text_that_would_not_parse_any_more_is_put_back_alone()
    {
        FixedTexts made = FixApplier.Apply([new("a.yaml", "x: 1\n"), new("b.yaml", "y: 1\n")], Scripted(("x: 1", "x: [1"), ("y: 1", "y: 2"), ("y: 2", "y: 3")), unsafeToo: false);
        Assert.Equal(["x: 1\n", "y: 3\n"], made.Result.Sources.Select(source => source.Text));
        Assert.Equal([0, 2], made.Applied);
    }

    /// <summary>A choice in one file that settles what another one lacks is made once, and the other file is judged beside it.</summary>
    [Fact]
    public void A_fix_in_one_file_is_seen_by_the_rules_that_look_at_another()
    {
        SourceText gateway = new("gateway.yaml", """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: gateway, namespace: default}
            spec: {gatewayClassName: eg, listeners: [{name: http, port: 80, protocol: HTTP}]}
            """);
        SourceText policy = new("policy.yaml", """
            apiVersion: gateway.envoyproxy.io/v1alpha1
            kind: EnvoyExtensionPolicy
            metadata: {name: policy, namespace: default}
            spec:
              targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: gateway}]
              extProc: [{backendRefs: [{name: p, port: 9000}], processingMode: {request: {body: FullDuplexStreamed}}}]
            """);
        LintResult LintOld(IReadOnlyList<SourceText> texts) => Linter.Lint(texts, Target.Parse("eg=1.4.1")!, new LintOptions());
        FixedTexts made = FixApplier.Apply([gateway, policy], LintOld, unsafeToo: true);
        Assert.Equal([0, 1], made.Applied);
        Assert.Empty(made.Result.Findings);
        Assert.Same(gateway, made.Result.Sources[0]);
    }

    private static SourceText Duplex(string name) => new(name, Head + "processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED}\n");

    private static LintResult Lint(IReadOnlyList<SourceText> texts) => Linter.Lint(texts, Target.Newest, new LintOptions());

    /// <summary>A lint whose findings come with the edits of a script.</summary>
    private static Func<IReadOnlyList<SourceText>, LintResult> Scripted(params (string From, string To)[] script) => texts => Lint(texts) with
    {
        Findings =
        [
            .. from text in texts
               from step in script
               let at = text.Text.IndexOf(step.From, StringComparison.Ordinal)
               where at >= 0
               let span = new SourceSpan(at, at + step.From.Length)
               select new Finding(RuleCatalog.All[0], Severity.Error, text, span, "", "found", "write") { Fix = new("do", true, [new(span, step.To)]) },
        ],
    };
}
