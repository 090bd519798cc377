using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace ExtProc.Samples;

/// <summary>Asks a moderation service about request bodies; answers 503 while that does not answer.</summary>
/// <param name="moderation">The service.</param>
/// <param name="guard">One for all exchanges, from <see cref="Guard"/>, so that its circuit breaker sees them all.</param>
public sealed class Moderate(HttpClient moderation, ResiliencePipeline<bool> guard) : Processor
{
    private static readonly LocalResponse Unavailable = new(503)
    {
        Text = "moderation is unavailable",
        Headers = { ["retry-after"] = "5" },
        Details = "moderation_unavailable",
    };

    public override void DeclareNeeds(Needs needs)
    {
        needs.RequestBody = BodyNeed.Whole(limitBytes: 256 * 1024) with { Reads = BodyTypes.Text with { Untyped = true } };
        needs.Time = TimeSpan.FromSeconds(1);
    }

    public override async ValueTask<Verdict> OnRequestBodyAsync(Exchange exchange, Body body, CancellationToken cancellation)
    {
        try
        {
            bool allowed = await guard.ExecuteAsync(AskAsync, body.Memory, cancellation);
            return allowed ? Verdict.Continue : Verdict.Respond(403, "refused by moderation");
        }
        catch (Exception failure) when (failure is TimeoutRejectedException or BrokenCircuitException or HttpRequestException)
        {
            exchange.Note($"moderation: {failure.GetType().Name}"); // in the log line of this exchange
            return Verdict.Respond(Unavailable);
        }
    }

    public static ResiliencePipeline<bool> Guard(TimeProvider time) => new ResiliencePipelineBuilder<bool> { TimeProvider = time }
        .AddCircuitBreaker(new() { FailureRatio = 0.5, MinimumThroughput = 20, BreakDuration = TimeSpan.FromSeconds(5) })
        .AddTimeout(TimeSpan.FromMilliseconds(800))
        .Build();

    private async ValueTask<bool> AskAsync(ReadOnlyMemory<byte> text, CancellationToken cancellation)
    {
        using var question = new ReadOnlyMemoryContent(text);
        using HttpResponseMessage answer = await moderation.PostAsync(new Uri("/check", UriKind.Relative), question, cancellation);
        return answer.EnsureSuccessStatusCode().Headers.Contains("x-allowed");
    }
}
