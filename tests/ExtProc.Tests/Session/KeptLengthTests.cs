using ExtProc.Configuration;
using ExtProc.Testing;
using ExtProc.Tests.Pipeline;

namespace ExtProc.Tests.Session;

/// <summary>
/// A changed body behind a content-length that is no longer true smuggles requests. Where Envoy is declared to keep the length, or to
/// let no header be changed, the length is dropped, stays true, or the exchange is refused.
/// </summary>
public sealed class KeptLengthTests
{
    private static readonly MutationRules Frozen = new() { DisallowAll = true, DisallowIsError = true };

    public static TheoryData<BodySendMode> StreamedModes => [BodySendMode.Streamed, BodySendMode.FullDuplexStreamed, BodySendMode.BufferedPartial];

    [Theory, MemberData(nameof(StreamedModes))]
    public async Task A_length_that_Envoy_keeps_is_dropped_also_where_it_is_hidden(BodySendMode mode)
    {
        Seen seen = await Doubling(mode).Envoy(envoy => envoy with { AllowContentLengthHeader = true }).RunAsync();

        Assert.Equal((PlayOutcome.Passed, "aabbcc", null), (seen.Outcome, seen.Upstream.Body, seen.Upstream["content-length"]));
        Assert.Empty(seen.Violations);
    }

    [Theory, MemberData(nameof(StreamedModes))]
    public async Task Where_Envoy_drops_the_length_and_lets_nothing_be_changed_no_change_is_sent(BodySendMode mode)
    {
        Seen seen = await Doubling(mode).WithContentLength().Envoy(envoy => envoy with { MutationRules = Frozen }).RunAsync();

        Assert.Equal((PlayOutcome.Passed, "aabbcc", null), (seen.Outcome, seen.Upstream.Body, seen.Upstream["content-length"]));
        Assert.Empty(seen.Violations);
    }

    [Theory, MemberData(nameof(StreamedModes))]
    public async Task Where_the_length_is_kept_and_nothing_may_be_changed_the_exchange_is_refused(BodySendMode mode)
    {
        Seen seen = await Doubling(mode).WithContentLength().Envoy(envoy => envoy with { MutationRules = Frozen, AllowContentLengthHeader = true }).RunAsync();

        Assert.False(seen.Upstream.EndedCleanly);
        Assert.Contains(Reasons.HeaderProtected, seen.GrpcMessage, StringComparison.Ordinal);
        Assert.Empty(seen.Violations);
    }

    [Theory]
    [InlineData(BodySendMode.Streamed)]
    [InlineData(BodySendMode.FullDuplexStreamed)]
    public async Task A_kept_length_in_headers_that_are_not_shown_refuses_a_change(BodySendMode mode)
    {
        Seen seen = await Doubling(mode).WithContentLength().In(PlaySettings.ModesOf(mode, BodySendMode.None) with { RequestHeaderMode = HeaderSendMode.Skip })
            .Envoy(envoy => envoy with { AllowContentLengthHeader = true }).RunAsync();

        Assert.False(seen.Upstream.EndedCleanly);
        Assert.Contains(seen.Logs, line => line.Contains("request_header_mode: SEND would do", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Double", false)]
    [InlineData("Upper", true)]
    public async Task A_buffered_body_keeps_its_length_where_no_header_may_be_changed(string change, bool passes)
    {
        Seen seen = await Play.Through(() => new Scripted { RequestBody = change == "Upper" ? Upper : Double }).Request("POST", "/", "abc").WithContentLength()
            .In(BodySendMode.Buffered, BodySendMode.None).Envoy(envoy => envoy with { MutationRules = Frozen }).RunAsync();

        Assert.Equal(passes, seen.Upstream is { EndedCleanly: true, Body: "ABC" });
        Assert.Equal(passes ? "" : Reasons.HeaderProtected, seen.GrpcMessage.Split(':')[0]);
        Assert.Empty(seen.Violations);
    }

    private static Play Doubling(BodySendMode mode) =>
        Play.Through(() => new Scripted { RequestBody = Double }).Request("POST", "/", "abc").In(mode, BodySendMode.None);

    private static ValueTask<Verdict> Double(Exchange exchange, Body body, CancellationToken cancellation)
    {
        body.Replace([.. body.Span.ToArray().SelectMany(letter => (byte[])[letter, letter])]);
        return Verdict.Continue;
    }

    private static ValueTask<Verdict> Upper(Exchange exchange, Body body, CancellationToken cancellation)
    {
        body.Replace("ABC"u8);
        return Verdict.Continue;
    }
}
