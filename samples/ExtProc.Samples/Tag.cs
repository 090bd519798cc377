namespace ExtProc.Samples;

public sealed record TagOptions(string Header = "x-tag", string Value = "seen");

/// <summary>Sets a header on every request.</summary>
public sealed class Tag(TagOptions options) : Processor
{
    public override ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation)
    {
        exchange.RequestHeaders.Set(options.Header, options.Value);
        return Verdict.Continue;
    }
}
