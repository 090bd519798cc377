namespace ExtProc.Demo;

/// <summary>A request to try, and what comes back.</summary>
/// <param name="Curl">the arguments of curl before the address</param>
/// <param name="Path">the path</param>
/// <param name="Body">what is posted; null is a GET</param>
/// <param name="Promise">what a reader should look for</param>
/// <param name="Expected">the response's body</param>
internal sealed record DemoRequest(string Curl, string Path, string? Body, string Promise, string Expected)
{
    public static readonly IReadOnlyList<DemoRequest> All =
    [
        new(
            "-i", "/hello", null,
            "x-demo was added to the request and to the response, and the word in the body is replaced",
            "hello, my word is [redacted] and you come with x-demo: yes\n"),
        new(
            "-i -d 'the password is secret'", "/echo", "the password is secret",
            "the upstream never sees the word",
            "the upstream received: the password is [redacted]\n"),
        new(
            "-N", "/events", null,
            "three events, each as soon as it is sent, although the word comes in two pieces",
            "data: event 1 is [redacted]\n\ndata: event 2 is [redacted]\n\ndata: event 3 is [redacted]\n\n"),
    ];

    public string CommandFor(int port) => $"curl {Curl} http://127.0.0.1:{port}{Path}";

    /// <summary>Sends it; null when the answer is as promised, else what it was.</summary>
    public async Task<string?> CheckAsync(HttpClient client, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(Body is null ? HttpMethod.Get : HttpMethod.Post, Path)
        {
            Content = Body is null ? null : new StringContent(Body),
        };
        using var response = await client.SendAsync(request, cancel);
        string body = await response.Content.ReadAsStringAsync(cancel);
        bool marked = response.Headers.TryGetValues("x-demo", out var values) && values.SequenceEqual(["yes"]);
        return response.IsSuccessStatusCode && marked && body == Expected
            ? null
            : $"expected 200 with x-demo: yes and \"{Expected}\", got {(int)response.StatusCode} {(marked ? "with" : "without")} it and \"{body}\"";
    }
}
