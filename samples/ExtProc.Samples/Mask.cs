using System.Text;

namespace ExtProc.Samples;

public sealed record MaskOptions
{
    public required string Word { get; init; }

    public string By { get; init; } = "[redacted]";
}

/// <summary>Replaces a word in response bodies as they stream by, also where it lies across two chunks.</summary>
public sealed class Mask(MaskOptions options) : Processor
{
    private readonly byte[] _word = Encoding.UTF8.GetBytes(options.Word), _by = Encoding.UTF8.GetBytes(options.By);

    public override void DeclareNeeds(Needs needs) => needs.ResponseBody = BodyNeed.Stream(holdBytes: _word.Length - 1) with
    {
        Reads = BodyTypes.Text with { Untyped = true, Parts = true }, // what else there is would be damaged, or hide the word
    };

    public override ValueTask<Verdict> OnResponseBodyAsync(Exchange exchange, Body body, CancellationToken cancellation)
    {
        for (int at; (at = body.Span.IndexOf(_word)) >= 0;)
        {
            body.Pass(at);
            body.Drop(_word.Length);
            body.Write(_by);
        }

        body.Hold(BeginningAtTheEndOf(body.Span)); // "... sec": the next chunk may bring "ret"
        return Verdict.Continue;                   // what is neither dropped nor held passes
    }

    private int BeginningAtTheEndOf(ReadOnlySpan<byte> text)
    {
        int length = Math.Min(_word.Length - 1, text.Length);
        while (length > 0 && !text.EndsWith(_word.AsSpan(0, length)))
        {
            length--;
        }

        return length;
    }
}
