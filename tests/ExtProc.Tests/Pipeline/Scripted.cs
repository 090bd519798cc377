using System.Text;

namespace ExtProc.Tests.Pipeline;

/// <summary>A processor whose handlers a test fills in; it needs what is filled in.</summary>
internal sealed class Scripted : Processor
{
    public Action<Needs>? Needs { get; init; }

    public Func<Exchange, CancellationToken, ValueTask<Verdict>>? RequestHeaders { get; init; }

    public Func<Exchange, Body, CancellationToken, ValueTask<Verdict>>? RequestBody { get; init; }

    public Func<Exchange, CancellationToken, ValueTask<Verdict>>? RequestTrailers { get; init; }

    public Func<Exchange, CancellationToken, ValueTask<Verdict>>? ResponseHeaders { get; init; }

    public Func<Exchange, Body, CancellationToken, ValueTask<Verdict>>? ResponseBody { get; init; }

    public Func<Exchange, CancellationToken, ValueTask<Verdict>>? ResponseTrailers { get; init; }

    public Action<Exchange, Completion>? Completed { get; init; }

    /// <summary>Changes both bodies to upper case, chunk by chunk, and what is shown of a body that is not shown whole.</summary>
    public static Scripted Upper() => new()
    {
        Needs = needs => needs.RequestBody = needs.ResponseBody = BodyNeed.Stream() with { OverLimit = OverLimit.Cut },
        RequestBody = Upper,
        ResponseBody = Upper,
    };

    public static Scripted UpperRequest() => new() { RequestBody = Upper };

    public override void DeclareNeeds(Needs needs)
    {
        ArgumentNullException.ThrowIfNull(needs);
        needs.RequestHeaders = RequestHeaders is not null;
        needs.RequestBody = RequestBody is null ? BodyNeed.None : BodyNeed.Stream();
        needs.RequestTrailers = RequestTrailers is not null;
        needs.ResponseHeaders = ResponseHeaders is not null;
        needs.ResponseBody = ResponseBody is null ? BodyNeed.None : BodyNeed.Stream();
        needs.ResponseTrailers = ResponseTrailers is not null;
        Needs?.Invoke(needs);
    }

    public override ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation) => RequestHeaders!(exchange, cancellation);

    public override ValueTask<Verdict> OnRequestBodyAsync(Exchange exchange, Body body, CancellationToken cancellation) => RequestBody!(exchange, body, cancellation);

    public override ValueTask<Verdict> OnRequestTrailersAsync(Exchange exchange, CancellationToken cancellation) => RequestTrailers!(exchange, cancellation);

    public override ValueTask<Verdict> OnResponseHeadersAsync(Exchange exchange, CancellationToken cancellation) => ResponseHeaders!(exchange, cancellation);

    public override ValueTask<Verdict> OnResponseBodyAsync(Exchange exchange, Body body, CancellationToken cancellation) => ResponseBody!(exchange, body, cancellation);

    public override ValueTask<Verdict> OnResponseTrailersAsync(Exchange exchange, CancellationToken cancellation) => ResponseTrailers!(exchange, cancellation);

    public override ValueTask OnCompletedAsync(Exchange exchange, Completion completion, CancellationToken cancellation)
    {
        Completed?.Invoke(exchange, completion);
        return ValueTask.CompletedTask;
    }

    private static ValueTask<Verdict> Upper(Exchange exchange, Body body, CancellationToken cancellation)
    {
        byte[] upper = body.Span.ToArray();
        Ascii.ToUpperInPlace(upper, out _);
        body.Replace(upper);
        return Verdict.Continue;
    }
}
