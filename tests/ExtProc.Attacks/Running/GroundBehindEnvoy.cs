using System.Net.Http.Headers;
using Envoy.Runner;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ExtProc.Attacks.Running;

/// <summary>A real Envoy before the server, and an upstream that sends back what it gets: attackers are clients like others.</summary>
internal sealed class GroundBehindEnvoy : Ground
{
    private const int UploadBytes = 64 << 10;
    private static readonly TimeSpan RequestPause = TimeSpan.FromMilliseconds(5), UploadPause = TimeSpan.FromMilliseconds(30);
    private static readonly byte[] Upload = [.. Enumerable.Range(0, UploadBytes).Select(i => (byte)('a' + (i % 26)))];

    private readonly EnvoyProcess _envoy;
    private readonly WebApplication _upstream;
    private readonly HttpClient _client;

    private GroundBehindEnvoy(ExtProcServerProcess server, EnvoyProcess envoy, WebApplication upstream)
        : base(server)
    {
        (_envoy, _upstream) = (envoy, upstream);
        _client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port}"), Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <inheritdoc/>
    public override int Port => _envoy.PortOf(Listener);

    /// <inheritdoc/>
    public override IReadOnlyList<Duty> Duties => [new("request", RequestPause, GetAsync), new("upload", UploadPause, UploadAsync)];

    private const string Listener = "attacked";

    /// <summary>Starts the upstream and an Envoy of that version.</summary>
    public static async Task<GroundBehindEnvoy> StartAsync(ExtProcServerProcess server, string version)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        WebApplication upstream = builder.Build();
        upstream.Urls.Add("http://127.0.0.1:0");
        upstream.Run(EchoAsync);
        await upstream.StartAsync();
        EnvoyConfig config = new()
        {
            Listeners =
            [
                new(Listener)
                {
                    Filters = [new("extproc", EnvoyProcessingMode.Both(BodyMode.FullDuplexStreamed))],
                    Routes = [new("*", "upstream")],
                },
            ],
            Clusters = [new("extproc", server.Port, UpstreamProtocol.Http2), new("upstream", new Uri(upstream.Urls.First()).Port, UpstreamProtocol.Http1)],
        };
        return new(server, await EnvoyProcess.StartAsync(EnvoyBinary.Find(version), config), upstream);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _envoy.DisposeAsync();
        await _upstream.DisposeAsync();
        await base.DisposeAsync();
    }

    private static async Task EchoAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain";
        await context.Request.Body.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private async Task GetAsync()
    {
        using HttpResponseMessage answer = await _client.GetAsync(new Uri("/", UriKind.Relative));
        answer.EnsureSuccessStatusCode();
    }

    private async Task UploadAsync()
    {
        using ByteArrayContent content = new(Upload) { Headers = { ContentType = new MediaTypeHeaderValue("text/plain") } };
        using HttpResponseMessage answer = await _client.PostAsync(new Uri("/", UriKind.Relative), content);
        answer.EnsureSuccessStatusCode();
        byte[] back = await answer.Content.ReadAsByteArrayAsync();
        if (!back.AsSpan().SequenceEqual(Upload))
        {
            throw new InvalidOperationException($"{back.Length} bytes came back, and not those that were sent");
        }
    }
}
