using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Upstream;

/// <summary>A request as the upstream saw it.</summary>
internal sealed class SeenRequest(string method, string path, Fields headers)
{
    private readonly List<byte> body = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Method => method;

    public string Path => path;

    public Fields Headers => headers;

    /// <summary>The body as far as it came.</summary>
    public byte[] Body
    {
        get
        {
            lock (body)
            {
                return [.. body];
            }
        }
    }

    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    public Fields Trailers { get; set; } = [];

    /// <summary>True when the request's end was read, false when it was broken off or the script did not read it.</summary>
    public bool Complete { get; set; }

    /// <summary>Ends when the script has ended.</summary>
    public Task Ended => ended.Task;

    public void Append(byte[] piece)
    {
        lock (body)
        {
            body.AddRange(piece);
        }
    }

    public void End() => ended.TrySetResult();

    public override string ToString() => $"{Method} {Path} [{Headers}] {Body.Length} bytes trailers [{Trailers}] {(Complete ? "complete" : "broken off")}";
}
