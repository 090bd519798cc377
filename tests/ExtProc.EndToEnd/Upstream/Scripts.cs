using System.Globalization;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Upstream;

/// <summary>What the upstream does for a request, by its path.</summary>
internal static class Scripts
{
    private static readonly Dictionary<string, Func<UpstreamCall, CancellationToken, Task>> ByPath = new()
    {
        ["/echo"] = EchoAsync,
        ["/collect"] = CollectAsync,
        ["/bytes"] = BytesAsync,
        ["/text"] = TextAsync,
        ["/status"] = StatusAsync,
        ["/empty-chunked"] = EmptyChunkedAsync,
        ["/early"] = EarlyAsync,
        ["/sse"] = SseAsync,
        ["/broken"] = BrokenAsync,
        ["/hints"] = HintsAsync,
        ["/tunnel"] = TunnelAsync,
        ["/test.Echo/Unary"] = GrpcEcho.UnaryAsync,
        ["/test.Echo/Bidi"] = GrpcEcho.BidiAsync,
        ["/test.Echo/Refuse"] = GrpcEcho.RefuseAsync,
    };

    /// <summary>The script of a path; a CONNECT over HTTP/1.1 has no path.</summary>
    public static Func<UpstreamCall, CancellationToken, Task> For(string path) =>
        ByPath.GetValueOrDefault(path.Split('?')[0], path.StartsWith('/') && path.Length > 1 ? UnknownAsync : TunnelAsync);

    /// <summary>Sends the body back piece by piece as it comes, and the trailers with <c>echo-</c> before their names.</summary>
    private static async Task EchoAsync(UpstreamCall call, CancellationToken cancel)
    {
        var headers = new Fields { { "content-type", call.Seen.Headers["content-type"] ?? "application/octet-stream" } };
        if (call.Text("length") == "keep" && call.Seen.Headers["content-length"] is { } length)
        {
            headers.Add("content-length", length);
        }

        await call.StartAsync(200, headers, cancel);
        while (await call.ReadAsync(cancel) is { } piece)
        {
            await call.WriteAsync(piece, cancel);
        }

        var trailers = new Fields();
        foreach (var (name, value) in call.Seen.Trailers)
        {
            trailers.Add("echo-" + name, value);
        }

        await call.EndAsync(trailers.Count > 0 ? trailers : null, cancel);
    }

    /// <summary>Reads everything, then answers.</summary>
    private static async Task CollectAsync(UpstreamCall call, CancellationToken cancel)
    {
        await call.ReadAllAsync(cancel);
        byte[] body = "upstream-body"u8.ToArray();
        await AnswerAsync(call, 200, body, call.Text("trailers") is null ? null : new Fields { { "x-rt", "1" } }, cancel);
    }

    /// <summary>Sends <c>n</c> bytes of <see cref="Pattern"/> with a content-length, or in pieces of <c>chunk</c> bytes; <c>trailers=1</c> adds one.</summary>
    private static async Task BytesAsync(UpstreamCall call, CancellationToken cancel)
    {
        await call.ReadAllAsync(cancel);
        byte[] body = Pattern.Bytes(call.Number("n", 0));
        int chunk = call.Number("chunk", 0);
        if (chunk == 0)
        {
            await AnswerAsync(call, 200, body, null, cancel);
            return;
        }

        await call.StartAsync(200, new Fields { { "content-type", "application/octet-stream" } }, cancel);
        for (int at = 0; at < body.Length; at += chunk)
        {
            await call.WriteAsync(body.AsMemory(at, Math.Min(chunk, body.Length - at)), cancel);
        }

        await call.EndAsync(call.Text("trailers") is null ? null : new Fields { { "x-rt", "1" } }, cancel);
    }

    /// <summary>Sends the words of <c>say</c>, separated by commas there, as pieces of one text.</summary>
    private static async Task TextAsync(UpstreamCall call, CancellationToken cancel)
    {
        await call.ReadAllAsync(cancel);
        await call.StartAsync(200, new Fields { { "content-type", "text/plain" } }, cancel);
        foreach (string word in (call.Text("say") ?? "").Split(','))
        {
            await call.WriteAsync(System.Text.Encoding.UTF8.GetBytes(word), cancel);
        }

        await call.EndAsync(null, cancel);
    }

    private static async Task StatusAsync(UpstreamCall call, CancellationToken cancel)
    {
        await call.ReadAllAsync(cancel);
        int status = call.Number("code", 200);
        byte[] body = call.Seen.Method == "HEAD" || status is 204 or 304 ? [] : "status"u8.ToArray();
        await AnswerAsync(call, status, body, null, cancel);
    }

    private static async Task EmptyChunkedAsync(UpstreamCall call, CancellationToken cancel)
    {
        await call.ReadAllAsync(cancel);
        await call.StartAsync(200, [], cancel);
        await call.EndAsync(null, cancel);
    }

    /// <summary>Sends its whole answer first and reads the request afterwards.</summary>
    private static async Task EarlyAsync(UpstreamCall call, CancellationToken cancel)
    {
        await call.StartAsync(200, new Fields { { "content-type", "text/plain" } }, cancel);
        await call.WriteAsync("early"u8.ToArray(), cancel);
        await call.ReadAllAsync(cancel);
        await call.EndAsync(null, cancel);
    }

    /// <summary>Server-sent events, each when the test allows it, <c>n</c> of them.</summary>
    private static async Task SseAsync(UpstreamCall call, CancellationToken cancel)
    {
        await call.ReadAllAsync(cancel);
        await call.StartAsync(200, new Fields { { "content-type", "text/event-stream" } }, cancel);
        for (int item = 0; item < call.Number("n", 3); item++)
        {
            await call.Steps.NextAsync(cancel);
            await call.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"data: item{item}\n\n"), cancel);
        }

        await call.EndAsync(null, cancel);
    }

    /// <summary>Promises 1 MiB, sends <c>n</c> bytes and, when the test allows it, breaks off.</summary>
    private static async Task BrokenAsync(UpstreamCall call, CancellationToken cancel)
    {
        await call.ReadAllAsync(cancel);
        await call.StartAsync(200, new Fields { { "content-length", "1048576" } }, cancel);
        await call.WriteAsync(Pattern.Bytes(call.Number("n", 1000)), cancel);
        await call.Steps.NextAsync(cancel);
        call.Abort();
    }

    /// <summary>Early hints (RFC 8297), then the answer.</summary>
    private static async Task HintsAsync(UpstreamCall call, CancellationToken cancel)
    {
        await call.InformAsync(103, new Fields { { "link", "</style.css>; rel=preload" } }, cancel);
        await call.ReadAllAsync(cancel);
        await AnswerAsync(call, 200, "after hints"u8.ToArray(), null, cancel);
    }

    /// <summary>Accepts an upgrade or a CONNECT and sends back what comes.</summary>
    private static async Task TunnelAsync(UpstreamCall call, CancellationToken cancel)
    {
        await call.AcceptTunnelAsync(cancel);
        while (await call.ReadAsync(cancel) is { } piece)
        {
            await call.WriteAsync(piece, cancel);
        }
    }

    private static Task UnknownAsync(UpstreamCall call, CancellationToken cancel) =>
        AnswerAsync(call, 404, "the upstream has no script for this path"u8.ToArray(), null, cancel);

    private static async Task AnswerAsync(UpstreamCall call, int status, byte[] body, Fields? trailers, CancellationToken cancel)
    {
        var headers = new Fields { { "content-type", "text/plain" } };
        if (trailers is null && status is not 204)
        {
            headers.Add("content-length", body.Length.ToString(CultureInfo.InvariantCulture));
        }

        if (body.Length == 0 && trailers is null)
        {
            await call.StartAndEndAsync(status, headers, cancel);
            return;
        }

        await call.StartAsync(status, headers, cancel);
        await call.WriteAsync(body, cancel);
        await call.EndAsync(trailers, cancel);
    }
}
