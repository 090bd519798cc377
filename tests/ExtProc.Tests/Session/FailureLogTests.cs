using ExtProc.Pipeline;
using ExtProc.Testing;
using ExtProc.Tests.Pipeline;

namespace ExtProc.Tests.Session;

public sealed class FailureLogTests
{
    [Theory]
    [InlineData(OnError.Fail, "- exchange failed: processor_failed: processor \"thrower\" threw: a bug")]
    [InlineData(OnError.Skip, "- processor thrower threw (onError: Skip): a bug")]
    [InlineData(OnError.Respond, "- processor thrower threw (onError: Respond): a bug")]
    public async Task What_a_processor_threw_is_told_once_whatever_became_of_the_exchange(OnError onError, string line)
    {
        Seen seen = await Play.Through(Thrower(onError, () => throw new InvalidOperationException("a bug"))).RunAsync();

        Assert.Equal([line], seen.Logs);
    }

    /// <summary>As in the exchange's own line: a peer chooses it, and it can neither make a line nor be endless.</summary>
    [Theory]
    [InlineData("5f0c-7a1e", "5f0c-7a1e")]
    [InlineData("", "-")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("x\t2026-01-01T00:00:00.000Z", "\"x\\u00092026-01-01T00:00:00.000Z\"")]
    [InlineData("status=200", "\"status=200\"")]
    public async Task Whatever_is_told_of_an_exchange_begins_with_its_request_id(string id, string shown)
    {
        foreach (Play play in (Play[])
                 [
                     Play.Through(Thrower(OnError.Fail, () => throw new InvalidOperationException("a bug"))),
                     Play.Through(Thrower(OnError.Skip, () => throw new InvalidOperationException("a bug"))),
                     Play.Through(Thrower(OnError.Fail, () => throw new ExchangeRefusedException(Reasons.HeaderProtected, "no"))),
                     Play.Through(() => new Scripted { RequestHeaders = (_, _) => Verdict.Continue, Completed = (_, _) => throw new InvalidDataException("no") }),
                 ])
        {
            Seen seen = await play.Request("GET", "/", "", [("x-request-id", id)]).RunAsync();

            Assert.StartsWith($"{shown} ", Assert.Single(seen.Logs), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_long_request_id_is_cut()
    {
        Seen seen = await Play.Through(Thrower(OnError.Fail, () => throw new InvalidOperationException("a bug"))).Request("GET", "/", "", [("x-request-id", new string('x', 5000))]).RunAsync();

        Assert.StartsWith($"{new string('x', 200)}... exchange failed: ", Assert.Single(seen.Logs), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OnError.Skip)]
    [InlineData(OnError.Respond)]
    public async Task A_refusal_that_the_exchange_outlives_is_noted_and_not_told(OnError onError)
    {
        Seen seen = await Play.Through(Thrower(onError, () => throw new ExchangeRefusedException(Reasons.HeaderProtected, "no"))).RunAsync();

        Assert.Empty(seen.Logs);
    }

    private static PipelineDefinition Thrower(OnError onError, Func<Verdict> handler) => new("play", [new(
        new("thrower", typeof(Scripted), null, IsShared: false) { Create = () => new Scripted { RequestHeaders = (_, _) => handler() } },
        OnError: onError)]);
}
