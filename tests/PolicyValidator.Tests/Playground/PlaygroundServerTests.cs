using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using PolicyValidator.Cli;
using PolicyValidator.Playground;
using PolicyValidator.Rules;
using PolicyValidator.Tests.Cli;

namespace PolicyValidator.Tests.Playground;

public sealed partial class PlaygroundServerTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient client = new() { Timeout = Patience };
    private PlaygroundServer server = null!;

    public async Task InitializeAsync()
    {
        server = await PlaygroundServer.StartAsync(new() { Listen = new(IPAddress.Loopback, 0), MaxTextBytes = 100_000 }, TimeProvider.System).WaitAsync(Patience);
        client.BaseAddress = new Uri(server.Url);
    }

    public Task DisposeAsync() => server.DisposeAsync().AsTask().WaitAsync(Patience);

    public void Dispose() => client.Dispose();

    [Fact]
    public async Task The_page_is_served_with_every_file_that_its_files_name()
    {
        HashSet<string> seen = [];
        Queue<string> paths = new(["/"]);
        while (paths.TryDequeue(out string? path))
        {
            if (seen.Add(path))
            {
                string text = await client.GetStringAsync(path);
                Assert.DoesNotMatch("""(?i)(src|href|url|from|import)\s*[=(]?\s*["']?(https?:)?//""", text);
                FileNames().Matches(text).Select(match => "/" + match.Groups["name"].Value).ToList().ForEach(paths.Enqueue);
            }
        }

        Assert.Equal(PageFiles.Paths.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_page_may_run_nothing_but_its_own_files()
    {
        HttpResponseMessage response = await client.GetAsync("/");
        string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"<script>|<style|\son\w+=|\sstyle=", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("apiVersion: gateway.envoyproxy.io/v1alpha1\nkind: EnvoyExtensionPolicy\n", "eg=")]
    [InlineData("# note\n---\n  \"apiVersion\": \"networking.istio.io/v1alpha3\"\n", "istio=")]
    [InlineData("{\"apiVersion\":\"gateway.kgateway.dev/v1alpha1\"}", "kgateway=")]
    [InlineData("apiVersion: agentgateway.dev/v1alpha1\n", "agentgateway=")]
    [InlineData("apiVersion: networking.gke.io/v1\nkind: GCPTrafficExtension\n", "gcp")]
    [InlineData("apiVersion: v1\nkind: ConfigMap\n---\napiVersion: gateway.envoyproxy.io/v1alpha1\n", "eg=")]
    [InlineData("grpc_service: {}\n", "envoy=")]
    [InlineData("", "envoy=")]
    public async Task Without_a_target_the_text_says_what_it_is_for(string text, string product)
    {
        HttpResponseMessage response = await client.PostAsync("/api/lint", new StringContent(text));
        string target = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("target").GetString()!;
        Assert.StartsWith(product, target, StringComparison.Ordinal);
        Assert.Equal(target, Target.Offered.Single(offered => offered.Targets[0].Text == target).Targets[0].Text);
    }

    [Fact]
    public async Task Everything_that_can_be_chosen_is_a_target()
    {
        JsonElement start = await client.GetFromJsonAsync<JsonElement>("/api/start");
        string[] targets = [.. start.GetProperty("targets").EnumerateArray().SelectMany(group => group.GetProperty("targets").EnumerateArray()).Select(target => target.GetString()!)];
        Assert.Contains("eg=1.4.1", targets);
        Assert.Contains(Target.Newest.Text, targets);
        Assert.All(targets, target => Assert.NotNull(Target.Parse(target)));
        Assert.All(Example.All, example => Assert.Contains(example.Target, targets));
    }

    [Fact]
    public async Task A_text_is_judged_for_the_target_that_is_asked_for()
    {
        Assert.Equal(HttpStatusCode.OK, await StatusOf(Post(Example.All[0].Text, "eg=1.4.1")));
        Assert.Equal(2, (await Answer(Example.All[0].Text, "eg=1.4.1")).GetProperty("findings").GetArrayLength());
        Assert.Equal(0, (await Answer(Example.All[0].Text, "eg=1.4.2")).GetProperty("findings").GetArrayLength());
    }

    [Fact]
    public async Task All_about_a_rule_is_told_by_its_id()
    {
        JsonElement rule = await client.GetFromJsonAsync<JsonElement>("/api/rules/EP001");
        Assert.Equal("full-duplex-needs-trailers", rule.GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/rules/EP999")).StatusCode);
    }

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("LOCALHOST:4711", HttpStatusCode.OK)]
    [InlineData("127.0.0.1:8910", HttpStatusCode.OK)]
    [InlineData("[::1]:8910", HttpStatusCode.OK)]
    [InlineData("rebound.example:8910", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("192.0.2.1:8910", HttpStatusCode.MisdirectedRequest)]
    public async Task Only_names_of_this_machine_are_answered(string host, HttpStatusCode expected)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/start");
        request.Headers.Host = host;
        Assert.Equal(expected, await StatusOf(request));
    }

    [Theory]
    [InlineData("http://elsewhere.example", HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.OK)]
    public async Task Pages_of_other_sites_may_not_ask(string? origin, HttpStatusCode expected)
    {
        using HttpRequestMessage request = Post("a: 1", "envoy=1.40");
        request.Headers.Add("Origin", origin ?? server.Url);
        Assert.Equal(expected, await StatusOf(request));
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_refused_with_the_limit_and_another_way()
    {
        using HttpRequestMessage request = Post(new string('#', 100_001), "envoy=1.40");
        HttpResponseMessage response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(
            "the text is larger than the 100000 bytes that this page takes; policy-validator lint reads larger files",
            (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("problem").GetString());
    }

    [Fact]
    public async Task What_is_not_UTF8_or_for_no_target_is_refused()
    {
        Assert.Equal(HttpStatusCode.BadRequest, await StatusOf(Post("a: 1", "envoy=9")));
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/lint") { Content = new ByteArrayContent([0xC3, 0x28]) };
        Assert.Equal(HttpStatusCode.BadRequest, await StatusOf(request));
    }

    [Fact]
    public async Task An_answer_that_takes_too_long_is_given_up()
    {
        using LintEndpoint endpoint = new(new() { Patience = TimeSpan.Zero, MaxConcurrent = 1 }, TimeProvider.System);
        for (int attempt = 0; attempt < 2; attempt++)
        {
            Microsoft.AspNetCore.Http.DefaultHttpContext context = new();
            context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Example.All[1].Text + "---\n", 100))));
            RefusedException refused = await Assert.ThrowsAsync<RefusedException>(() => endpoint.AnswerAsync(context.Request).WaitAsync(Patience));
            Assert.Equal(503, refused.Status);
        }
    }

    [Fact]
    public void A_port_in_use_is_named()
    {
        int port = new Uri(server.Url).Port;
        Run run = Run.Of("playground", "--listen", $"127.0.0.1:{port}");
        Assert.Equal(ExitCode.Trouble, run.ExitCode);
        Assert.Equal($"policy-validator: cannot listen on 127.0.0.1:{port}: port {port} is in use; --listen 127.0.0.1:PORT chooses another port\n", run.Error);
    }

    [Theory]
    [InlineData("--listen")]
    [InlineData("--listen=0.0.0.0:8910")]
    [InlineData("--listen=127.0.0.1")]
    [InlineData("--listen=::1")]
    [InlineData("--listen=example.com:80")]
    [InlineData("--open")]
    [InlineData("--listen", "127.0.0.1:1", "more")]
    public void What_is_not_loopback_is_not_listened_on(params string[] words)
    {
        Run run = Run.Of(["playground", .. words]);
        Assert.Equal(ExitCode.Trouble, run.ExitCode);
        Assert.Contains("127.0.0.1:PORT", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:1234", "127.0.0.1:1234")]
    [InlineData("localhost:1234", "127.0.0.1:1234")]
    [InlineData("[::1]:1234", "[::1]:1234")]
    public void Loopback_has_three_names(string written, string meant) =>
        Assert.Equal(meant, $"{PlaygroundCommand.Read(["--listen", written]).Listen}");

    private static HttpRequestMessage Post(string text, string target) =>
        new(HttpMethod.Post, $"/api/lint?target={Uri.EscapeDataString(target)}") { Content = new StringContent(text) };

    private async Task<HttpStatusCode> StatusOf(HttpRequestMessage request) => (await client.SendAsync(request)).StatusCode;

    private async Task<JsonElement> Answer(string text, string target)
    {
        using HttpRequestMessage request = Post(text, target);
        return await (await client.SendAsync(request)).Content.ReadFromJsonAsync<JsonElement>();
    }

    [GeneratedRegex("""["'](\.?/)(?<name>[a-z-]+\.(js|css|svg))["']""", RegexOptions.ExplicitCapture)]
    private static partial Regex FileNames();
}
