using System.Net;
using System.Net.Sockets;
using System.Text;
using PolicyValidator.Playground;
using PolicyValidator.Tests.Robustness;

namespace PolicyValidator.Tests.Playground;

/// <summary>What other programs on the machine send shuts nobody out, is answered with a status, and is let go soon.</summary>
public sealed class HostileClientTests : IAsyncLifetime, IDisposable
{
    private const string Post = "POST /api/lint?target=envoy=1.40 HTTP/1.1\r\nHost: localhost\r\n";

    private readonly List<TcpClient> silent = [];
    private PlaygroundServer server = null!;

    public Task InitializeAsync() => StartAsync(new() { HeaderTime = TimeSpan.FromSeconds(1), BodyTime = TimeSpan.FromSeconds(2) });

    public Task DisposeAsync() => server.DisposeAsync().AsTask().WaitAsync(OddFiles.Patience);

    public void Dispose() => silent.ForEach(each => each.Dispose());

    [Theory]
    [InlineData(64, "")]
    [InlineData(200, "")]
    [InlineData(1000, "")]
    [InlineData(200, "GET / HTTP/1.1\r\nHost: loc")]
    [InlineData(200, "GET /api/start HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    [InlineData(200, Post + "Content-Length: 1000\r\n\r\na: b")]
    [InlineData(200, Post + "Transfer-Encoding: chunked\r\n\r\n4\r\na: b\r\n")]
    [InlineData(200, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    public async Task Quiet_connections_do_not_shut_the_page_out(int count, string begun)
    {
        for (int at = 0; at < count; at++)
        {
            silent.Add(await ConnectAsync(begun));
            if (at % 20 == 19)
            {
                Assert.Equal(HttpStatusCode.OK, await ProbeAsync());
            }
        }

        Assert.Equal(HttpStatusCode.OK, await ProbeAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET / HTTP/1.1\r\nHost: loc")]
    [InlineData(Post + "Content-Length: 1000\r\n\r\na: b")]
    public async Task A_quiet_connection_is_closed_by_the_server(string begun)
    {
        using TcpClient client = await ConnectAsync(begun);
        byte[] answer = new byte[16 * 1024];
        while (await client.GetStream().ReadAsync(answer).AsTask().WaitAsync(OddFiles.Patience) > 0)
        {
            // An answer may come first, such as 408.
        }
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\na: b\r\n", "413", "400")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFFFF\r\na: b\r\n", "413", "400")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n7FFFFFFF\r\na: b\r\n", "413", "408")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nx\r\na: b\r\n", "400", "400")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4;\r\na: b\r\n", "400", "408")]
    [InlineData("Content-Length: 4294967296\r\n\r\na: b", "413", "413")]
    [InlineData("Content-Length: 99999999999999999999\r\n\r\na: b", "400", "400")]
    [InlineData("Content-Length: -1\r\n\r\na: b", "400", "400")]
    [InlineData("Content-Length: 4\r\nContent-Length: 5\r\n\r\na: b", "400", "400")]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n4\r\na: b\r\n0\r\n\r\n", "400", "200")]
    [InlineData("Content-Length: 100\r\n\r\na: b", "408", "400")]
    [InlineData("Content-Length: 4\r\nX: 40000\r\n\r\na: b", "200", "200")]
    public async Task A_body_that_is_odd_is_answered_with_what_is_wrong(string rest, string status, string orElse)
    {
        string answer = await AskAsync(Post + rest);
        Assert.True(answer.StartsWith($"HTTP/1.1 {status} ", StringComparison.Ordinal) || answer.StartsWith($"HTTP/1.1 {orElse} ", StringComparison.Ordinal), answer);
        Assert.Equal(HttpStatusCode.OK, await ProbeAsync());
    }

    [Theory]
    [InlineData(40_000, 1)]
    [InlineData(10, 500)]
    public async Task Headers_without_measure_are_431(int length, int count)
    {
        string headers = string.Concat(Enumerable.Range(0, count).Select(at => $"x-{at}: {new string('a', length)}\r\n"));
        Assert.StartsWith("HTTP/1.1 431 ", await AskAsync($"GET / HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_very_many_texts_at_once_some_are_told_to_come_again()
    {
        await WithTimeToSendAsync();
        string text = string.Concat(Enumerable.Repeat(Example.All[1].Text + "---\n", 200));
        using HttpClient client = new() { BaseAddress = new(server.Url), Timeout = OddFiles.Patience };
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => client.PostAsync("/api/lint", new StringContent(text))));
        HttpResponseMessage[] refused = [.. answers.Where(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable)];
        Assert.NotEmpty(refused);
        Assert.All(refused, answer => Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter!.Delta));
        Assert.All(answers.Except(refused), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal(HttpStatusCode.OK, await ProbeAsync());
    }

    /// <summary>Half a megabyte that aliases repeat in each of 60 filters: what is answered is not longer for it.</summary>
    [Fact]
    public async Task What_aliases_repeat_does_not_make_the_answer_long()
    {
        await WithTimeToSendAsync();
        StringBuilder text = new($"long: &long \"{new string('a', 500_000)}\"\nhttp_filters:\n");
        for (int at = 0; at < 60; at++)
        {
            text.Append($"- name: f{at}\n  typed_config:\n    \"@type\": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\n    grpc_service: {{google_grpc: {{target_uri: *long, stat_prefix: *long}}, timeout: *long, initial_metadata: [{string.Join(", ", Enumerable.Repeat("{key: a, value: *long}", 20))}]}}\n    *long : 1\n");
        }

        using HttpClient client = new() { BaseAddress = new(server.Url), Timeout = OddFiles.Patience };
        HttpResponseMessage answer = await client.PostAsync("/api/lint?target=envoy=1.40", new StringContent(text.ToString()));
        byte[] body = await answer.Content.ReadAsByteArrayAsync();
        Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable]);
        Assert.InRange(body.Length, 1, 20_000_000);
    }

    private async Task StartAsync(PlaygroundOptions options) => server = await PlaygroundServer.StartAsync(
        options with { Listen = new(IPAddress.Loopback, 0), MaxTextBytes = 1 << 20 }, TimeProvider.System).WaitAsync(OddFiles.Patience);

    // The short times of the others are over before a busy machine has sent large texts.
    private async Task WithTimeToSendAsync()
    {
        await DisposeAsync();
        await StartAsync(new() { HeaderTime = OddFiles.Patience, BodyTime = OddFiles.Patience });
    }

    private async Task<HttpStatusCode> ProbeAsync()
    {
        using HttpClient client = new() { BaseAddress = new(server.Url), Timeout = OddFiles.Patience };
        using HttpResponseMessage answer = await client.GetAsync("/api/start");
        return answer.StatusCode;
    }

    private async Task<TcpClient> ConnectAsync(string begun)
    {
        TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, new Uri(server.Url).Port).WaitAsync(OddFiles.Patience);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(begun));
        return client;
    }

    private async Task<string> AskAsync(string request)
    {
        using TcpClient client = await ConnectAsync(request);
        byte[] answer = new byte[4096];
        int read = await client.GetStream().ReadAsync(answer).AsTask().WaitAsync(OddFiles.Patience);
        return Encoding.ASCII.GetString(answer, 0, read);
    }
}
