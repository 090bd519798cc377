namespace ExtProc.Samples;

public sealed record ServeFileOptions
{
    public required string Folder { get; init; }
}

/// <summary>Answers from files, piece by piece, without asking the upstream.</summary>
public sealed class ServeFile(ServeFileOptions options) : Processor
{
    public override ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation)
    {
        string path = Path.Combine(options.Folder, Path.GetFileName(exchange.Path));
        if (exchange.Method != "GET" || !File.Exists(path))
        {
            return Verdict.Continue;
        }

        return Verdict.Respond(new LocalResponse(200)
        {
            Headers = { ["content-type"] = "application/octet-stream" },
            CollectLimitBytes = 16 << 20,
            WriteBody = async (body, token) =>
            {
                await using FileStream file = File.OpenRead(path);
                await file.CopyToAsync(body.AsStream(), token);
            },
        });
    }
}
