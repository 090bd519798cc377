using System.Net;
using System.Net.Sockets;
using System.Text;
using ExtProc.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ExtProc.Tests.Try;

/// <summary><c>extproc try</c> as a user starts it, and what a client and its terminal show.</summary>
public sealed class TryProcessTests
{
    private const string Server = "ExtProc.Server", Samples = "ExtProc.Samples";

    private const string Redacting = "pipeline: [{ name: replace, text: secret, by: '[redacted]', untyped: text }]";

    [Fact]
    public async Task A_request_is_answered_with_what_arrived_and_its_messages_are_shown()
    {
        using TemporaryFile config = new(Redacting);
        await using ServerProcess program = await ServerProcess.TryAsync(Server, "--config", config.Path);

        string answer = await PostAsync(program.Port, "/hello?x=1", "the secret");

        Assert.StartsWith($"POST /hello?x=1\nhost: 127.0.0.1:{program.Port}\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\n\nthe [redacted]", answer, StringComparison.Ordinal);
        await program.LineAsync(program.Output, line => line == "client: 200");
        string[] shown = [.. program.Output.SkipWhile(line => !line.StartsWith('#'))];
        Assert.Equal("#1 POST /hello?x=1", shown[0]);
        Assert.Matches(@"^> reqH \[:authority=127\.0\.0\.1:\d+ :path=/hello\?x=1 :method=POST :scheme=http .*protocol_config\{req=FULL_DUPLEX_STREAMED res=FULL_DUPLEX_STREAMED\}$", shown[1]);
        Assert.Contains("> reqB(10) \"the secret\"", shown);
        Assert.Contains(shown, line => line.StartsWith("< reqb(", StringComparison.Ordinal) && line.Contains("[redacted]", StringComparison.Ordinal));
        Assert.Contains(shown, line => line.StartsWith("> resH(200) [:status=200 ", StringComparison.Ordinal));
        Assert.Equal("client: 200", shown[^1]);
        Assert.DoesNotContain(shown, line => line.StartsWith('!') || line.StartsWith('|'));
    }

    [Fact]
    public async Task It_says_what_listens_where_that_it_is_not_Envoy_and_how_to_try_it_and_Ctrl_C_ends_it()
    {
        await using ServerProcess program = await ServerProcess.TryAsync(Server, "--mode", "BUFFERED", "--envoy", "1.38");
        string curl = await program.LineAsync(program.Output, line => line.StartsWith("  curl ", StringComparison.Ordinal));

        Assert.Equal($"  curl -i -d 'hello' http://127.0.0.1:{program.Port}/", curl);
        Assert.Equal("extproc try: this is not Envoy; its ext_proc filter is followed as Envoy 1.38.3 has it", program.Output.First());
        Assert.Contains(program.Output, line => line.StartsWith("  server    127.0.0.1:", StringComparison.Ordinal) && line.EndsWith(": everything passes", StringComparison.Ordinal));
        Assert.Contains("  modes     request headers SEND, body BUFFERED, trailers SEND; response headers SEND, body BUFFERED, trailers SEND", program.Output);

        await program.SignalAsync("INT");

        Assert.Equal(0, await program.ExitAsync());
        Assert.DoesNotContain(program.Errors, line => line.Contains("error", StringComparison.OrdinalIgnoreCase) || line.Contains("warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_full_duplex_the_client_has_the_beginning_back_before_it_has_sent_the_end()
    {
        await using ServerProcess program = await ServerProcess.TryAsync(Server);
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, program.Port);
        await using NetworkStream stream = client.GetStream();
        using CancellationTokenSource late = new(ServerProcess.Patience);

        await stream.WriteAsync("POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n6\r\nfirst.\r\n"u8.ToArray(), late.Token);
        string before = await UntilAsync(stream, "first.", late.Token);
        await stream.WriteAsync("5\r\nlast.\r\n0\r\n\r\n"u8.ToArray(), late.Token);

        Assert.DoesNotContain("last.", before, StringComparison.Ordinal);
        await UntilAsync(stream, "last.", late.Token);
    }

    [Fact]
    public async Task Exchanges_at_the_same_time_are_shown_one_below_the_other()
    {
        await using ServerProcess program = await ServerProcess.TryAsync(Server);
        string[] paths = [.. Enumerable.Range(0, 20).Select(number => $"/{number}")];

        await Task.WhenAll(paths.Select(path => PostAsync(program.Port, path, $"body of {path}.")));

        await program.LineAsync(program.Output, _ => program.Output.Count(line => line == "client: 200") == paths.Length);
        string shown = string.Join('\n', program.Output.SkipWhile(line => !line.StartsWith('#')));
        foreach (string block in shown.Split("\n#").Where(block => !block.Contains("(goes on)", StringComparison.Ordinal)))
        {
            string path = block.Split('\n')[0].Split(' ')[^1];
            Assert.Contains($" :path={path} ", block, StringComparison.Ordinal);
            Assert.All(paths.Where(other => other != path), other => Assert.DoesNotContain($"body of {other}.", block, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_declared_side_of_Envoy_is_what_the_front_does()
    {
        using TemporaryFile config = new("envoy: { version: 1.36.4, messageTimeout: 15s, processingMode: { responseBodyMode: BUFFERED }, requestAttributes: [request.method] }");
        await using ServerProcess program = await ServerProcess.TryAsync(Server, "--config", config.Path);

        await PostAsync(program.Port, "/", "hello");

        await program.LineAsync(program.Output, line => line == "client: 200");
        Assert.Contains("as Envoy 1.36.4 has it", program.Output.First(), StringComparison.Ordinal);
        Assert.Contains(program.Output, line => line.EndsWith("protocol_config{req=NONE res=BUFFERED}", StringComparison.Ordinal));
        Assert.DoesNotContain(program.Output, line => line.StartsWith("> reqB", StringComparison.Ordinal));
        Assert.Contains(program.Output, line => line.StartsWith("> resB(", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_program_with_processors_of_its_own_can_be_tried()
    {
        using TemporaryFile config = new("pipeline: [{ name: tag, value: tried }]");
        await using ServerProcess program = await ServerProcess.TryAsync(Samples, "--config", config.Path);

        Assert.Contains("\nx-tag: tried\n", await PostAsync(program.Port, "/", "hello"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upstream_gets_what_the_server_let_go_under_its_own_name()
    {
        using TemporaryFile config = new(Redacting);
        await using ServerProcess upstream = await ServerProcess.TryAsync(Server);
        await using ServerProcess program = await ServerProcess.TryAsync(Server, "--config", config.Path, "--upstream", $"http://127.0.0.1:{upstream.Port}/base");

        string answer = await PostAsync(program.Port, "/path?q=1", "a secret");

        Assert.StartsWith($"POST /base/path?q=1\nhost: 127.0.0.1:{upstream.Port}\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\n\na [redacted]", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_beyond_ASCII_that_the_server_sets_arrive()
    {
        using TemporaryFile config = new("pipeline: [{ name: headers, request: { set: { x-to-upstream: Grüße } }, response: { set: { x-to-client: Grüße } } }]");
        await using ServerProcess upstream = await ServerProcess.TryAsync(Server);
        await using ServerProcess program = await ServerProcess.TryAsync(Server, "--config", config.Path, "--upstream", $"http://127.0.0.1:{upstream.Port}");
        using HttpClient client = new(new SocketsHttpHandler { ResponseHeaderEncodingSelector = (_, _) => Encoding.UTF8 }) { Timeout = ServerProcess.Patience };

        using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://127.0.0.1:{program.Port}/"));

        Assert.Equal("Grüße", answer.Headers.GetValues("x-to-client").Single());
        Assert.Contains("\nx-to-upstream: Grüße\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_head_of_an_event_stream_does_not_wait_for_its_first_event()
    {
        using SemaphoreSlim events = new(0);
        await using WebApplication upstream = WebApplication.CreateSlimBuilder().Build();
        upstream.Urls.Add("http://127.0.0.1:0");
        upstream.MapGet("/", async (HttpContext context) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.StartAsync(context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await events.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("data: 1\n\n", context.RequestAborted);
        });
        await upstream.StartAsync();
        await using ServerProcess program = await ServerProcess.TryAsync(Server, "--upstream", upstream.Urls.First());
        using HttpClient client = new() { Timeout = ServerProcess.Patience };

        using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://127.0.0.1:{program.Port}/"), HttpCompletionOption.ResponseHeadersRead);
        events.Release();

        Assert.Equal("data: 1\n\n", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task An_upstream_that_is_not_there_is_a_502_and_a_line()
    {
        using Socket closed = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // taken, so that nobody else listens there
        string url = $"http://127.0.0.1:{((IPEndPoint)closed.LocalEndPoint!).Port}/";
        await using ServerProcess program = await ServerProcess.TryAsync(Server, "--upstream", url);
        using HttpClient client = new() { Timeout = ServerProcess.Patience };

        using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://127.0.0.1:{program.Port}/"));

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        await program.LineAsync(program.Errors, line => line.Contains($"the upstream {url} failed (Request): ", StringComparison.Ordinal));
        await program.LineAsync(program.Output, line => line == "client: 502");
    }

    private static async Task<string> PostAsync(int port, string path, string body)
    {
        using HttpClient client = new() { Timeout = ServerProcess.Patience };
        using StringContent content = new(body, Encoding.UTF8, "text/plain");
        using HttpResponseMessage answer = await client.PostAsync(new Uri($"http://127.0.0.1:{port}{path}"), content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<string> UntilAsync(NetworkStream stream, string wanted, CancellationToken late)
    {
        var read = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!read.ToString().Contains(wanted, StringComparison.Ordinal))
        {
            int count = await stream.ReadAsync(buffer, late);
            Assert.True(count > 0, $"the connection ended before \"{wanted}\":\n{read}");
            read.Append(Encoding.UTF8.GetString(buffer, 0, count));
        }

        return read.ToString();
    }
}
