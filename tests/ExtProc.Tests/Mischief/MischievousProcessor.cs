using System.Text;

namespace ExtProc.Tests.Mischief;

/// <summary>
/// A processor that does what it likes, by chance: throws, sleeps, never ends, writes too much, changes what has gone, keeps what is
/// not its own. One promise it keeps, so that a lost byte shows: of a body it adds dots, drops digits and changes the case of letters,
/// and no more.
/// </summary>
internal sealed class MischievousProcessor : Processor
{
    private static readonly string[] HeaderNames = ["x-a", "x-b", "set-cookie", "content-length", "host", ":method", ":path", ":status", "x-envoy-c", "transfer-encoding", "bad name", ""];

    private readonly Random _random;
    private readonly MischiefPlan _plan;
    private readonly MischiefRecord? _record;
    private readonly TimeProvider _time;
    private Body? _kept;

    /// <param name="plan">What it needs, and how wild it is; the same for all exchanges of a pipeline.</param>
    /// <param name="seed">What it does in one exchange.</param>
    /// <param name="record">What it notes of that exchange; null where it is only asked for its needs.</param>
    /// <param name="time">The clock that it sleeps by.</param>
    public MischievousProcessor(MischiefPlan plan, int seed, MischiefRecord? record, TimeProvider time)
    {
        (_plan, _random, _record, _time) = (plan, new Random(seed), record, time);
    }

    public override void DeclareNeeds(Needs needs)
    {
        ArgumentNullException.ThrowIfNull(needs);
        (needs.RequestBody, needs.ResponseBody) = (_plan.RequestBody, _plan.ResponseBody);
        needs.RequestTrailers = needs.ResponseTrailers = _plan.WantsTrailers;
    }

    public override ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation) => ActAsync(exchange, null, cancellation);

    public override ValueTask<Verdict> OnRequestBodyAsync(Exchange exchange, Body body, CancellationToken cancellation) => ActAsync(exchange, body, cancellation);

    public override ValueTask<Verdict> OnRequestTrailersAsync(Exchange exchange, CancellationToken cancellation) => ActAsync(exchange, null, cancellation);

    public override ValueTask<Verdict> OnResponseHeadersAsync(Exchange exchange, CancellationToken cancellation) => ActAsync(exchange, null, cancellation);

    public override ValueTask<Verdict> OnResponseBodyAsync(Exchange exchange, Body body, CancellationToken cancellation) => ActAsync(exchange, body, cancellation);

    public override ValueTask<Verdict> OnResponseTrailersAsync(Exchange exchange, CancellationToken cancellation) => ActAsync(exchange, null, cancellation);

    public override ValueTask OnCompletedAsync(Exchange exchange, Completion completion, CancellationToken cancellation)
    {
        _record?.Complete(this);
        if (_random.Next(20) == 0)
        {
            throw new InvalidOperationException("mischief at the end");
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask<Verdict> ActAsync(Exchange exchange, Body? body, CancellationToken cancellation)
    {
        _record?.Enter(this);
        try
        {
            for (int actions = _random.Next(4); actions > 0; actions--)
            {
                await (body is null || _random.Next(3) == 0 ? ActOnExchangeAsync(exchange, cancellation) : ActOnBodyAsync(body, cancellation));
            }

            _kept ??= body;
            return Decide();
        }
        finally
        {
            _record?.Leave(this);
        }
    }

    private Verdict Decide() => _random.Next(_plan.Calm) switch
    {
        0 => Verdict.SkipRest,
        1 => Verdict.Leave,
        2 => Verdict.Respond(418, "teapot"),
        3 => Verdict.Respond(new LocalResponse(418) { WriteBody = WriteTeapotAsync }),
        _ => Verdict.Continue,
    };

    private async Task WriteTeapotAsync(System.IO.Pipelines.PipeWriter writer, CancellationToken cancellation)
    {
        for (int pieces = _random.Next(4); pieces > 0; pieces--)
        {
            await writer.WriteAsync("teapot"u8.ToArray(), cancellation);
        }

        if (_random.Next(8) == 0)
        {
            throw new InvalidOperationException("mischief in a response");
        }
    }

    private async ValueTask ActOnExchangeAsync(Exchange exchange, CancellationToken cancellation)
    {
        switch (_random.Next(_plan.Calm + 8))
        {
            case 0: throw new InvalidOperationException("mischief");
            case 1: await SleepAsync(cancellation); break;
            case 2: exchange.RouteBy("x-route", "b"); break;
            case 3: exchange.SetMetadata("mischief", "n", _random.Next()); break;
            case 4: exchange.TryExtendTime(TimeSpan.FromSeconds(_random.Next(10))); break;
            case 5: _ = _kept?.Length; break;
            case 6: exchange.RequestHeaders.Set("x-large", new string('x', _random.Next(100_000))); break;
            case 7: throw new OperationCanceledException("mischief");
            default: ChangeHeader(_random.Next(4) switch
            {
                0 => exchange.RequestHeaders,
                1 => exchange.ResponseHeaders,
                2 => exchange.RequestTrailers,
                _ => exchange.ResponseTrailers,
            }); break;
        }
    }

    /// <summary>Half of the time something that is allowed, so that exchanges get far.</summary>
    private void ChangeHeader(HeaderMap map)
    {
        if (!map.IsOpen && _random.Next(_plan.Calm) > 0)
        {
            return;
        }

        string name = HeaderNames[_random.Next(_random.Next(_plan.Calm) == 0 ? HeaderNames.Length : 3)];
        switch (_random.Next(3))
        {
            case 0: map.Set(name, "v"); break;
            case 1: map.Append(name, _random.Next(_plan.Calm) == 0 ? "a\r\nb: c" : "w"); break;
            default: map.Remove(name); break;
        }
    }

    /// <summary>Sleeps for a while, or for ever; and then it may not listen.</summary>
    private Task SleepAsync(CancellationToken cancellation)
    {
        bool deaf = _random.Next(3) == 0;
        if (deaf)
        {
            _record?.Deafen();
        }

        TimeSpan time = _random.Next(3) == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(_random.Next(3000));
        return Task.Delay(time, _time, deaf ? CancellationToken.None : cancellation);
    }

    private async ValueTask ActOnBodyAsync(Body body, CancellationToken cancellation)
    {
        switch (_random.Next(_plan.Calm + 6))
        {
            case 0: body.Hold(Math.Min(body.Length, _random.Next(200))); break;
            case 1: WriteMuch(body); break;
            case 2: await body.FlushAsync(cancellation); break;
            case 3: body.Replace(Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(body.Span).ToUpperInvariant())); break;
            case 4: DropDigits(body); break;
            case 5: await Task.Yield(); break;
            default:
                body.Pass(_random.Next(body.Length + 1));
                body.Write(".."u8[.._random.Next(3)]);
                break;
        }
    }

    private void WriteMuch(Body body)
    {
        Span<byte> dots = stackalloc byte[1000];
        dots.Fill((byte)'.');
        for (int times = _random.Next(200); times > 0; times--)
        {
            body.Write(dots);
        }
    }

    private static void DropDigits(Body body)
    {
        while (body.Length > 0)
        {
            if (char.IsAsciiDigit((char)body.Span[0]))
            {
                body.Drop(1);
            }
            else
            {
                body.Pass(1);
            }
        }
    }
}
