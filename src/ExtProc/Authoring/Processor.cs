namespace ExtProc;

/// <summary>
/// Sees the parts of an HTTP exchange and changes them. Override what you need; what is not overridden passes, and costs nothing.
/// </summary>
/// <remarks>
/// <para>An instance is made for each exchange, so its fields are the exchange's state; a processor registered as shared is made
/// once and must keep none. Handlers of one exchange never run at the same time, in either direction: fields need no lock.</para>
/// <para>What a handler does not mention passes on unchanged. A handler that throws, or that takes longer than
/// <c>limits.handlerTimeout</c>, ends as the processor's <c>onError</c> says.</para>
/// </remarks>
public abstract class Processor
{
    /// <summary>Says, once at start, which bodies are wanted and how. <paramref name="needs"/> is already filled from what is overridden.</summary>
    public virtual void DeclareNeeds(Needs needs)
    {
    }

    /// <summary>Called when the request's headers have come. Not called when Envoy does not send them.</summary>
    public virtual ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation) => Verdict.Continue;

    /// <summary>
    /// Called with what has come of the request's body: a chunk, a message or the whole, as <see cref="Needs.RequestBody"/> says.
    /// The last call has <see cref="Body.IsLast"/>, also for a message without a body.
    /// </summary>
    public virtual ValueTask<Verdict> OnRequestBodyAsync(Exchange exchange, Body body, CancellationToken cancellation) => Verdict.Continue;

    /// <summary>Called when the request's trailers have come. Not called without trailers: Envoy cannot be given any.</summary>
    public virtual ValueTask<Verdict> OnRequestTrailersAsync(Exchange exchange, CancellationToken cancellation) => Verdict.Continue;

    /// <summary>Called when the response's headers have come. They may be the first part of all: Envoy shows its own local replies.</summary>
    public virtual ValueTask<Verdict> OnResponseHeadersAsync(Exchange exchange, CancellationToken cancellation) => Verdict.Continue;

    /// <summary>As <see cref="OnRequestBodyAsync"/>, for the response.</summary>
    public virtual ValueTask<Verdict> OnResponseBodyAsync(Exchange exchange, Body body, CancellationToken cancellation) => Verdict.Continue;

    /// <summary>As <see cref="OnRequestTrailersAsync"/>, for the response.</summary>
    public virtual ValueTask<Verdict> OnResponseTrailersAsync(Exchange exchange, CancellationToken cancellation) => Verdict.Continue;

    /// <summary>
    /// Called once when the exchange is over for this server, however it ended. That can be before the HTTP exchange's own end:
    /// from 1.37 Envoy closes the stream as soon as it wants nothing more.
    /// </summary>
    public virtual ValueTask OnCompletedAsync(Exchange exchange, Completion completion, CancellationToken cancellation) => ValueTask.CompletedTask;
}
