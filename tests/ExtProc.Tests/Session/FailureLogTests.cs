using ExtProc.Pipeline;
using ExtProc.Testing;
using ExtProc.Tests.Pipeline;

namespace ExtProc.Tests.Session;

public sealed class FailureLogTests
{
    [Theory]
    [InlineData(OnError.Fail, "exchange failed: processor_failed: processor \"thrower\" threw: a bug")]
    [InlineData(OnError.Skip, "processor thrower threw (onError: Skip): a bug")]
    [InlineData(OnError.Respond, "processor thrower threw (onError: Respond): a bug")]
    public async Task What_a_processor_threw_is_told_once_whatever_became_of_the_exchange(OnError onError, string line)
    {
        Seen seen = await Play.Through(Thrower(onError, () => throw new InvalidOperationException("a bug"))).RunAsync();

        Assert.Equal([line], seen.Logs);
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
