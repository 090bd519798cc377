using ExtProc.Configuration;
using ExtProc.Pipeline;
using ExtProc.Testing;

namespace ExtProc.Tests.Pipeline;

/// <summary>What is told at start of a pipeline that works for a part of the traffic, or beside what is never shown.</summary>
public sealed class FitWarningTests
{
    private static readonly ProcessingMode Streamed = new() { RequestBodyMode = BodySendMode.Streamed, ResponseBodyMode = BodySendMode.Streamed };

    [Theory]
    [InlineData(BodySendMode.Streamed, "requests without content-length (chunked, or HTTP/2 without a length) fail", "answers without content-length (server-sent events, chunked, gRPC, upgrades) fail")]
    [InlineData(BodySendMode.BufferedPartial, "request bodies over Envoy's buffer limit fail", "response bodies over Envoy's buffer limit fail")]
    public void The_traffic_that_fails_and_the_modes_that_would_do_are_named(BodySendMode mode, string requests, string answers)
    {
        string[] told = Warnings(new Wants { RequestBody = BodyNeed.Stream(4), ResponseBody = BodyNeed.Stream(4) }, new() { ProcessingMode = new() { RequestBodyMode = mode, ResponseBodyMode = mode } });

        Assert.Collection(told, request => Assert.Contains(requests, request, StringComparison.Ordinal), answer => Assert.Contains(answers, answer, StringComparison.Ordinal));
        Assert.All(told, warning => Assert.EndsWith("; use FULL_DUPLEX_STREAMED or BUFFERED", warning, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(BodySendMode.Buffered)]
    [InlineData(BodySendMode.FullDuplexStreamed)]
    public void Modes_that_serve_all_traffic_need_no_word(BodySendMode mode) => Assert.Empty(Warnings(
        new Wants { RequestBody = BodyNeed.Stream(4) }, new() { ProcessingMode = new() { RequestBodyMode = mode, RequestTrailerMode = HeaderSendMode.Send } }));

    [Fact]
    public void A_processor_that_said_what_to_do_with_the_rest_is_left_alone() => Assert.Empty(Warnings(
        new Wants { RequestBody = BodyNeed.Whole(100) with { OverLimit = OverLimit.Cut } }, new() { ProcessingMode = new() { RequestBodyMode = BodySendMode.BufferedPartial } }));

    [Theory]
    [InlineData("1.40", false, true)]
    [InlineData("1.39", false, false)]
    [InlineData("1.39", true, true)]
    public void Full_duplex_is_asked_for_from_STREAMED_where_that_is_proven_or_vouched_for(string version, bool trusted, bool isAsked)
    {
        EnvoyDeclaration envoy = new() { ProcessingMode = Streamed, AllowModeOverride = true, TrustModeOverride = trusted, Version = Version.Parse(version) };
        Wants wants = new() { ResponseBody = BodyNeed.Stream(4) };

        Assert.Equal(isAsked ? BodySendMode.FullDuplexStreamed : null, ModeOverride.For(PlanOf(wants, envoy, new()), BodySendMode.Streamed, BodySendMode.Streamed)?.Modes.ResponseBodyMode);
        Assert.Equal(isAsked, Warnings(wants, envoy).Length == 0);
    }

    [Fact]
    public void What_holds_no_bytes_stays_STREAMED() => Assert.Null(ModeOverride.For(
        PlanOf(new() { RequestBody = BodyNeed.Stream(), ResponseBody = BodyNeed.Stream() }, new() { ProcessingMode = Streamed, AllowModeOverride = true, Version = new(1, 40) }, new()),
        BodySendMode.Streamed,
        BodySendMode.Streamed));

    [Fact]
    public void Headers_and_trailers_that_are_never_shown_are_named()
    {
        Wants wants = new() { RequestHeaders = true, ResponseTrailers = true };

        string[] told = Warnings(wants, new() { ProcessingMode = new() { RequestHeaderMode = HeaderSendMode.Skip } });

        Assert.Collection(
            told,
            headers => Assert.Contains("request_header_mode is SKIP", headers, StringComparison.Ordinal),
            trailers => Assert.Contains("response_trailer_mode is not SEND", trailers, StringComparison.Ordinal));
        Assert.Empty(Warnings(wants, new() { ProcessingMode = new() { ResponseTrailerMode = HeaderSendMode.Send } }));
    }

    [Theory]
    [InlineData(64, 0)]
    [InlineData(256, 1)]
    public void Bodies_that_do_not_fit_into_the_exchange_s_memory_are_named(int wholeKiB, int count) => Assert.Equal(count, Warnings(
        new Wants { RequestBody = BodyNeed.Whole(wholeKiB << 10) }, new() { ProcessingMode = new() { RequestBodyMode = BodySendMode.Buffered } }, new() { HeldBytes = 128 << 10 }).Length);

    [Fact]
    public void Where_nothing_is_declared_or_nothing_is_answered_nothing_is_said()
    {
        Wants wants = new() { RequestBody = BodyNeed.Stream(4), RequestHeaders = true };

        Assert.Empty(Warnings(wants, EnvoyDeclaration.Unknown));
        Assert.Empty(Warnings(wants, new() { ProcessingMode = Streamed, ObservabilityMode = true }));
    }

    private static string[] Warnings(Wants wants, EnvoyDeclaration envoy, ExchangeLimits? limits = null) =>
        [.. PlanOf(wants, envoy, limits ?? new()).Warnings.Select(warning => warning.Message)];

    private static PipelinePlan PlanOf(Wants wants, EnvoyDeclaration envoy, ExchangeLimits limits)
    {
        PipelineStep step = new(ProcessorKind.Of<Wanting, Wants>("wanting", isShared: true), wants);
        return PipelinePlan.Build(new() { Pipeline = new("fit", [step]), Envoy = envoy, Limits = limits }, NoServices.Instance, out _);
    }

    /// <summary>What a processor declares.</summary>
    public sealed record Wants
    {
        /// <summary>As in <see cref="Needs"/>.</summary>
        public BodyNeed RequestBody { get; init; }

        /// <summary>As in <see cref="Needs"/>.</summary>
        public BodyNeed ResponseBody { get; init; }

        /// <summary>As in <see cref="Needs"/>.</summary>
        public bool RequestHeaders { get; init; }

        /// <summary>As in <see cref="Needs"/>.</summary>
        public bool ResponseTrailers { get; init; }
    }

    /// <summary>Declares what it is told to.</summary>
    public sealed class Wanting(Wants wants) : Processor
    {
        /// <inheritdoc/>
        public override void DeclareNeeds(Needs needs) => (needs.RequestBody, needs.ResponseBody, needs.RequestHeaders, needs.ResponseTrailers) =
            (wants.RequestBody, wants.ResponseBody, wants.RequestHeaders, wants.ResponseTrailers);
    }
}
