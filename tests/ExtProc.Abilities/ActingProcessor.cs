using System.Text;

namespace ExtProc.Abilities;

/// <summary>How an <see cref="ActingProcessor"/> wants bodies.</summary>
public sealed record ActingOptions(Func<BodyNeed> Request, Func<BodyNeed> Response);

/// <summary>
/// Does what the request header <c>x-acts</c> says, such as <c>request-headers request-upper response-inject</c>. What comes out does not
/// depend on where a body is cut.
/// </summary>
public sealed class ActingProcessor(ActingOptions options) : Processor
{
    private const int FirstBytes = 5;
    private const int HeldBytes = 2;

    public override void DeclareNeeds(Needs needs) => (needs.RequestBody, needs.ResponseBody) = (options.Request(), options.Response());

    public override ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation) => Headers(exchange, "request", exchange.RequestHeaders);

    public override ValueTask<Verdict> OnRequestBodyAsync(Exchange exchange, Body body, CancellationToken cancellation) => Act(exchange, "request", body);

    public override ValueTask<Verdict> OnRequestTrailersAsync(Exchange exchange, CancellationToken cancellation) => Trailers(exchange, "request", exchange.RequestTrailers);

    public override ValueTask<Verdict> OnResponseHeadersAsync(Exchange exchange, CancellationToken cancellation) => Headers(exchange, "response", exchange.ResponseHeaders);

    public override ValueTask<Verdict> OnResponseBodyAsync(Exchange exchange, Body body, CancellationToken cancellation) => Act(exchange, "response", body);

    public override ValueTask<Verdict> OnResponseTrailersAsync(Exchange exchange, CancellationToken cancellation) => Trailers(exchange, "response", exchange.ResponseTrailers);

    private static bool Does(Exchange exchange, string direction, string act) =>
        exchange.RequestHeaders["x-acts"]?.Split(' ').Contains($"{direction}-{act}") is true;

    private static ValueTask<Verdict> Headers(Exchange exchange, string direction, HeaderMap headers)
    {
        if (Does(exchange, direction, "answer"))
        {
            return Verdict.Respond(new LocalResponse(403) { Text = "answered", Headers = { ["x-answered"] = direction } });
        }

        if (Does(exchange, direction, "throw"))
        {
            throw new InvalidDataException("thrown as asked");
        }

        Edit(exchange, direction, headers, "headers");
        return Does(exchange, direction, "leave") ? Verdict.Leave : Does(exchange, direction, "skip") ? Verdict.SkipRest : Verdict.Continue;
    }

    private static ValueTask<Verdict> Trailers(Exchange exchange, string direction, HeaderMap trailers)
    {
        Edit(exchange, direction, trailers, "trailers");
        return Verdict.Continue;
    }

    private static void Edit(Exchange exchange, string direction, HeaderMap headers, string act)
    {
        if (Does(exchange, direction, act))
        {
            headers.Remove("x-a");
            headers.Set("x-b", "set");
            headers.Append("x-c", "appended");
        }
    }

    private ValueTask<Verdict> Act(Exchange exchange, string direction, Body body)
    {
        if (body.IsLast && Does(exchange, direction, "answer-last"))
        {
            return Verdict.Respond(402, "answered at the end");
        }

        if (Does(exchange, direction, "upper"))
        {
            body.Replace(Upper(body.Span));
        }
        else if (Does(exchange, direction, "drop"))
        {
            body.Drop(body.Length);
        }
        else if (Does(exchange, direction, "inject"))
        {
            Inject(body);
        }
        else if (Does(exchange, direction, "first"))
        {
            return First(body);
        }
        else if (Does(exchange, direction, "hold") && body.CanHold)
        {
            Hold(exchange, direction == "request" ? Direction.Request : Direction.Response, body);
        }

        return Verdict.Continue;
    }

    private static void Inject(Body body)
    {
        if (body.Position == 0 && (body.Length > 0 || body.IsLast))
        {
            body.Write("<"u8);
        }

        if (body.IsLast)
        {
            body.Pass(body.Length);
            body.Write(">"u8);
        }
    }

    private static Verdict First(Body body)
    {
        int count = (int)Math.Min(body.Length, Math.Max(0, FirstBytes - body.Position));
        bool isOver = body.Position + body.Length >= FirstBytes;
        byte[] upper = Upper(body.Span[..count]);
        body.Drop(count);
        body.Write(upper);
        return isOver ? Verdict.SkipRest : Verdict.Continue;
    }

    private void Hold(Exchange exchange, Direction direction, Body body)
    {
        // A hold that was not declared is refused only where the body is cut.
        if (exchange.BodyMode(direction) is not BodySendMode.Streamed && (direction is Direction.Request ? options.Request() : options.Response()) != BodyNeed.Stream())
        {
            body.Hold(Math.Min(HeldBytes, body.Length));
        }
    }

    private static byte[] Upper(ReadOnlySpan<byte> text)
    {
        byte[] upper = text.ToArray();
        Ascii.ToUpperInPlace(upper, out _);
        return upper;
    }
}
