using ExtProc.Configuration;
using ExtProc.Pipeline;
using ExtProc.Processors;
using ExtProc.Testing;

namespace ExtProc.Tests.Pipeline;

/// <summary>What is found at start where only a mode override would bring the bodies that a processor needs.</summary>
public sealed class OverrideTrustTests
{
    private static readonly ProcessingMode None = new();

    [Theory]
    [InlineData(null, false, OnError.Fail, false)]
    [InlineData(null, false, OnError.Respond, false)]
    [InlineData(null, false, OnError.Skip, true)]
    [InlineData(null, true, OnError.Fail, true)]
    [InlineData("1.36.4", false, OnError.Fail, false)]
    [InlineData("1.39.3", false, OnError.Fail, false)]
    [InlineData("1.39.3", true, OnError.Respond, true)]
    [InlineData("1.40.0", false, OnError.Fail, true)]
    [InlineData("1.41", false, OnError.Respond, true)]
    public void An_override_is_relied_on_where_it_is_proven_or_vouched_for_or_not_needed(string? version, bool trusted, OnError onError, bool isUsable)
    {
        foreach (BodiesOf bodies in Enum.GetValues<BodiesOf>())
        {
            IReadOnlyList<PipelineProblem> problems = ProblemsOf(new() { ProcessingMode = None, AllowModeOverride = true, TrustModeOverride = trusted, Version = VersionOf(version) }, onError, bodies);

            Assert.Equal(isUsable, problems.Count == 0);
            Assert.All(problems, problem => Assert.Contains("vouch for the filter's allow_mode_override with envoy.trustModeOverride: true", problem.Message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Trust_alone_allows_nothing() =>
        Assert.NotEmpty(ProblemsOf(new() { ProcessingMode = None, TrustModeOverride = true }, OnError.Fail, BodiesOf.Request));

    [Fact]
    public void Modes_that_may_not_be_asked_for_do_not_help()
    {
        EnvoyDeclaration envoy = new() { ProcessingMode = None, AllowModeOverride = true, Version = new(1, 40), AllowedOverrideModes = [None with { RequestBodyMode = BodySendMode.Streamed }] };

        Assert.NotEmpty(ProblemsOf(envoy, OnError.Fail, BodiesOf.Request));
    }

    [Fact]
    public void A_request_whose_headers_are_skipped_has_no_answer_to_ask_with()
    {
        EnvoyDeclaration envoy = new() { ProcessingMode = None with { RequestHeaderMode = HeaderSendMode.Skip }, AllowModeOverride = true, TrustModeOverride = true };

        Assert.NotEmpty(ProblemsOf(envoy, OnError.Fail, BodiesOf.Request));
        Assert.Empty(ProblemsOf(envoy, OnError.Fail, BodiesOf.Response));
    }

    private static IReadOnlyList<PipelineProblem> ProblemsOf(EnvoyDeclaration envoy, OnError onError, BodiesOf bodies)
    {
        PipelineStep step = new(ProcessorKind.Of<ReplaceProcessor, ReplaceOptions>("replace", isShared: true), new ReplaceOptions { Text = "secret", In = bodies }, onError);
        PipelinePlan.Build(new() { Pipeline = new("trust", [step]), Envoy = envoy }, NoServices.Instance, out IReadOnlyList<PipelineProblem> problems);
        return problems;
    }

    private static Version? VersionOf(string? text) => text is null ? null : Version.Parse(text);
}
