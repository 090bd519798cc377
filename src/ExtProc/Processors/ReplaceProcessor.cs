using System.ComponentModel.DataAnnotations;
using System.Text;

namespace ExtProc.Processors;

/// <summary>Options of <c>replace</c>.</summary>
public sealed record ReplaceOptions
{
    /// <summary>The text to find, as UTF-8, letter for letter; 1 to 4096 characters.</summary>
    [Length(1, 4096)]
    public required string Text { get; init; }

    /// <summary>What to put in its place; may be empty.</summary>
    public string By { get; init; } = "";

    /// <summary>In which bodies.</summary>
    public BodiesOf In { get; init; } = BodiesOf.Both;

    /// <summary>What happens when Envoy shows only the first part of a body (BUFFERED_PARTIAL over its limit).</summary>
    public PartialBody Partial { get; init; } = PartialBody.Fail;
}

/// <summary>Which directions.</summary>
public enum BodiesOf
{
    /// <summary>Request and response.</summary>
    Both,

    /// <summary>Request only.</summary>
    Request,

    /// <summary>Response only.</summary>
    Response,
}

/// <summary>What becomes of a body of which only the first part is shown.</summary>
public enum PartialBody
{
    /// <summary>The part that is shown is processed, the rest passes as it is.</summary>
    Pass,

    /// <summary>The processor fails, and its <c>onError</c> decides.</summary>
    Fail,
}

/// <summary>
/// <c>replace</c>: replaces a literal text in bodies, also where it lies across the border of two chunks. A content-encoding (gzip,
/// deflate, br) is undone before and made again after. A gRPC body is left as it is, and a note says so: its messages carry their
/// length, and a peer may wait for one before it sends the next.
/// </summary>
public sealed class ReplaceProcessor(ReplaceOptions options) : Processor
{
    private readonly byte[] _text = Encoding.UTF8.GetBytes(options.Text), _by = Encoding.UTF8.GetBytes(options.By);

    /// <inheritdoc/>
    public override void DeclareNeeds(Needs needs)
    {
        ArgumentNullException.ThrowIfNull(needs);
        BodyNeed need = BodyNeed.Stream(holdBytes: _text.Length - 1) with { OverLimit = options.Partial is PartialBody.Pass ? OverLimit.Cut : OverLimit.Reject };
        (needs.RequestHeaders, needs.RequestBody) = options.In is BodiesOf.Response ? (false, BodyNeed.None) : (true, need);
        (needs.ResponseHeaders, needs.ResponseBody) = options.In is BodiesOf.Request ? (false, BodyNeed.None) : (true, need);
    }

    /// <inheritdoc/>
    public override ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        return Look(exchange, exchange.RequestHeaders);
    }

    /// <inheritdoc/>
    public override ValueTask<Verdict> OnResponseHeadersAsync(Exchange exchange, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        return Look(exchange, exchange.ResponseHeaders);
    }

    /// <inheritdoc/>
    public override ValueTask<Verdict> OnRequestBodyAsync(Exchange exchange, Body body, CancellationToken cancellation) => Replace(body);

    /// <inheritdoc/>
    public override ValueTask<Verdict> OnResponseBodyAsync(Exchange exchange, Body body, CancellationToken cancellation) => Replace(body);

    private static Verdict Look(Exchange exchange, HeaderMap headers)
    {
        if (!headers.TryGetReceived("content-type"u8, out ReadOnlySpan<byte> type) || !type.StartsWith("application/grpc"u8))
        {
            return Verdict.Continue;
        }

        exchange.Note("replace: left a gRPC body as it is");
        return Verdict.SkipRest;
    }

    private Verdict Replace(Body body)
    {
        for (int at; (at = body.Span.IndexOf(_text)) >= 0;)
        {
            body.Pass(at);
            body.Drop(_text.Length);
            body.Write(_by);
        }

        body.Hold(BeginningAtTheEndOf(body.Span)); // "... sec": the next chunk may bring "ret"
        return Verdict.Continue;
    }

    private int BeginningAtTheEndOf(ReadOnlySpan<byte> bytes)
    {
        int length = Math.Min(_text.Length - 1, bytes.Length);
        while (length > 0 && !bytes.EndsWith(_text.AsSpan(0, length)))
        {
            length--;
        }

        return length;
    }
}
