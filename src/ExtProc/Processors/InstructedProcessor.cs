using System.Globalization;
using System.Text;

namespace ExtProc.Processors;

/// <summary>Options of <c>instructed</c>.</summary>
public sealed record InstructedOptions
{
    /// <summary>The request header that holds the instructions.</summary>
    public string Header { get; init; } = "x-extproc-instruct";

    /// <summary>Bytes that <c>merge</c> may hold; 0 to 16 MiB. More than 0 asks for a mode in which bytes can be held.</summary>
    public int HoldBytes { get; init; }
}

/// <summary>
/// <c>instructed</c>: a sink for tests. A request header says what it does:
/// <c>phase=action[:argument]</c>, several separated by <c>;</c>. Phases: <c>request-headers</c>, <c>request-body</c>,
/// <c>request-trailers</c>, and the same for <c>response</c>. Actions: <c>delay:MS</c>; <c>mutate</c> (headers and trailers get
/// <c>x-instructed</c>, bodies upper case); <c>split:N</c> (goes out in pieces of N bytes); <c>merge</c> (held to the end);
/// <c>drop</c>; <c>add:TEXT</c> (at the end of the body); <c>reject:STATUS</c>; <c>stall</c> (to the deadline); <c>throw</c>.
/// Not for production: whoever can send the header decides.
/// </summary>
public sealed class InstructedProcessor(InstructedOptions options, TimeProvider time) : Processor
{
    private readonly List<Instruction> _instructions = [];
    private bool _read;

    /// <inheritdoc/>
    public override void DeclareNeeds(Needs needs)
    {
        ArgumentNullException.ThrowIfNull(needs);
        needs.RequestBody = needs.ResponseBody = BodyNeed.Stream(options.HoldBytes) with { Reads = BodyTypes.RawBytes, OverLimit = OverLimit.Cut };
    }

    /// <inheritdoc/>
    public override ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        return HeadersAsync("request-headers", exchange, exchange.RequestHeaders, cancellation);
    }

    /// <inheritdoc/>
    public override ValueTask<Verdict> OnRequestBodyAsync(Exchange exchange, Body body, CancellationToken cancellation) =>
        BodyAsync("request-body", exchange, body, cancellation);

    /// <inheritdoc/>
    public override ValueTask<Verdict> OnRequestTrailersAsync(Exchange exchange, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        return HeadersAsync("request-trailers", exchange, exchange.RequestTrailers, cancellation);
    }

    /// <inheritdoc/>
    public override ValueTask<Verdict> OnResponseHeadersAsync(Exchange exchange, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        return HeadersAsync("response-headers", exchange, exchange.ResponseHeaders, cancellation);
    }

    /// <inheritdoc/>
    public override ValueTask<Verdict> OnResponseBodyAsync(Exchange exchange, Body body, CancellationToken cancellation) =>
        BodyAsync("response-body", exchange, body, cancellation);

    /// <inheritdoc/>
    public override ValueTask<Verdict> OnResponseTrailersAsync(Exchange exchange, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        return HeadersAsync("response-trailers", exchange, exchange.ResponseTrailers, cancellation);
    }

    private async ValueTask<Verdict> HeadersAsync(string phase, Exchange exchange, HeaderMap headers, CancellationToken cancellation)
    {
        foreach (Instruction instruction in For(phase, exchange))
        {
            if (instruction.Action == "mutate")
            {
                headers.Set("x-instructed", phase);
            }
            else if (await CommonAsync(instruction, cancellation).ConfigureAwait(false) is { } verdict)
            {
                return verdict;
            }
        }

        return Verdict.Continue;
    }

    private async ValueTask<Verdict> BodyAsync(string phase, Exchange exchange, Body body, CancellationToken cancellation)
    {
        foreach (Instruction instruction in For(phase, exchange))
        {
            switch (instruction.Action)
            {
                case "mutate": body.Replace(Upper(body.Span)); break;
                case "drop": body.Drop(body.Length); break;
                case "merge": body.Hold(body.Length); break;
                case "add" when body.IsLast:
                    body.Pass(body.Length);
                    body.Write(Encoding.UTF8.GetBytes(instruction.Argument));
                    break;
                case "split": await SplitAsync(body, instruction.Number, cancellation).ConfigureAwait(false); break;
                default:
                    if (await CommonAsync(instruction, cancellation).ConfigureAwait(false) is { } verdict)
                    {
                        return verdict;
                    }

                    break;
            }
        }

        return Verdict.Continue;
    }

    private async ValueTask<Verdict?> CommonAsync(Instruction instruction, CancellationToken cancellation)
    {
        switch (instruction.Action)
        {
            case "delay":
                await Task.Delay(TimeSpan.FromMilliseconds(instruction.Number), time, cancellation).ConfigureAwait(false);
                return null;
            case "stall":
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation).ConfigureAwait(false);
                return null;
            case "throw":
                throw new InvalidOperationException("thrown as instructed");
            case "reject":
                return Verdict.Respond(new LocalResponse(instruction.Number) { Text = "rejected as instructed", Details = "instructed" });
            default:
                return null;
        }
    }

    private static async ValueTask SplitAsync(Body body, int pieceBytes, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pieceBytes, 1);
        while (body.Length > pieceBytes)
        {
            body.Pass(pieceBytes);
            await body.FlushAsync(cancellation).ConfigureAwait(false);
        }
    }

    private static byte[] Upper(ReadOnlySpan<byte> text)
    {
        byte[] upper = text.ToArray();
        Ascii.ToUpperInPlace(upper, out _);
        return upper;
    }

    private IEnumerable<Instruction> For(string phase, Exchange exchange)
    {
        if (!_read && exchange.RequestHeaders.IsReceived)
        {
            _read = true;
            _instructions.AddRange(exchange.RequestHeaders.Values(options.Header).SelectMany(Instruction.Parse));
        }

        return _instructions.Where(instruction => instruction.Phase == phase);
    }

    private sealed record Instruction(string Phase, string Action, string Argument)
    {
        public int Number => int.Parse(Argument, CultureInfo.InvariantCulture);

        public static IEnumerable<Instruction> Parse(string text)
        {
            foreach (string one in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                string[] sides = one.Split('=', 2), action = sides[^1].Split(':', 2);
                yield return new(sides[0], action[0], action.Length > 1 ? action[1] : "0");
            }
        }
    }
}
