namespace ExtProc.Abilities;

/// <summary>What a processor does, as its handlers; what is not set is not needed.</summary>
public sealed record Script
{
    public Action<Needs>? Needs { get; init; }

    public Func<Exchange, CancellationToken, ValueTask<Verdict>>? RequestHeaders { get; init; }

    public Func<Exchange, Body, CancellationToken, ValueTask<Verdict>>? RequestBody { get; init; }

    public Func<Exchange, CancellationToken, ValueTask<Verdict>>? RequestTrailers { get; init; }

    public Func<Exchange, CancellationToken, ValueTask<Verdict>>? ResponseHeaders { get; init; }

    public Func<Exchange, Body, CancellationToken, ValueTask<Verdict>>? ResponseBody { get; init; }

    public Func<Exchange, CancellationToken, ValueTask<Verdict>>? ResponseTrailers { get; init; }
}

/// <summary>The processor that a script describes.</summary>
public sealed class ScriptedProcessor(Script script, IExchangeEnds? ends = null) : Processor
{
    public override void DeclareNeeds(Needs needs)
    {
        needs.RequestHeaders = script.RequestHeaders is not null;
        needs.RequestBody = script.RequestBody is null ? BodyNeed.None : BodyNeed.Stream();
        needs.RequestTrailers = script.RequestTrailers is not null;
        needs.ResponseHeaders = script.ResponseHeaders is not null;
        needs.ResponseBody = script.ResponseBody is null ? BodyNeed.None : BodyNeed.Stream();
        needs.ResponseTrailers = script.ResponseTrailers is not null;
        script.Needs?.Invoke(needs);
    }

    public override ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation) => script.RequestHeaders!(exchange, cancellation);

    public override ValueTask<Verdict> OnRequestBodyAsync(Exchange exchange, Body body, CancellationToken cancellation) => script.RequestBody!(exchange, body, cancellation);

    public override ValueTask<Verdict> OnRequestTrailersAsync(Exchange exchange, CancellationToken cancellation) => script.RequestTrailers!(exchange, cancellation);

    public override ValueTask<Verdict> OnResponseHeadersAsync(Exchange exchange, CancellationToken cancellation) => script.ResponseHeaders!(exchange, cancellation);

    public override ValueTask<Verdict> OnResponseBodyAsync(Exchange exchange, Body body, CancellationToken cancellation) => script.ResponseBody!(exchange, body, cancellation);

    public override ValueTask<Verdict> OnResponseTrailersAsync(Exchange exchange, CancellationToken cancellation) => script.ResponseTrailers!(exchange, cancellation);

    public override ValueTask OnCompletedAsync(Exchange exchange, Completion completion, CancellationToken cancellation)
    {
        ends?.Ended(exchange, completion);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Told of each exchange's end, where a host has one.</summary>
public interface IExchangeEnds
{
    void Ended(Exchange exchange, Completion completion);
}
