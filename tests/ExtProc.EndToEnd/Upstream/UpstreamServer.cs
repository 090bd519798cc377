using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ExtProc.EndToEnd.Upstream;

/// <summary>
/// The server behind Envoy, over HTTP/1.1 and over HTTP/2. The path says what it does (<see cref="Scripts"/>); what it saw is kept
/// under the request's <c>x-test-id</c>.
/// </summary>
internal sealed class UpstreamServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<SeenRequest>> seen = new();
    private readonly ConcurrentDictionary<string, Steps> steps = new();
    private readonly ConcurrentDictionary<string, Func<UpstreamCall, CancellationToken, Task>> scripts = new();
    private readonly WebApplication kestrel;
    private readonly Http1Upstream http1;

    private UpstreamServer(WebApplication kestrel)
    {
        this.kestrel = kestrel;
        http1 = new Http1Upstream(RunAsync);
    }

    public int Http1Port => http1.Port;

    public int Http2Port => new Uri(kestrel.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    public static async Task<UpstreamServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.RequestHeaderEncodingSelector = _ => System.Text.Encoding.Latin1;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 10_000;
            kestrel.Limits.Http2.InitialStreamWindowSize = 1024 * 1024;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 64 * 1024 * 1024;
        });
        var app = builder.Build();
        var server = new UpstreamServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    /// <summary>Answers a request that came to another app of ASP.NET Core, as this server does.</summary>
    public Task AnswerAsync(HttpContext context)
    {
        var request = new SeenRequest(context.Request.Method, context.Request.Path + context.Request.QueryString, KestrelCall.HeadersOf(context));
        return RunAsync(request, steps => new KestrelCall(context, request) { Steps = steps }, context.RequestAborted);
    }

    /// <summary>The request of a test; waits until it has arrived.</summary>
    public Task<SeenRequest> SeenAsync(string testId, CancellationToken cancel) => SlotOf(testId).Task.WaitAsync(cancel);

    /// <summary>True when the request of a test has arrived.</summary>
    public bool HasSeen(string testId) => SlotOf(testId).Task.IsCompleted;

    /// <summary>Has the request of a test answered in a way of its own, whatever its path.</summary>
    public void Answer(string testId, Func<UpstreamCall, CancellationToken, Task> script) => scripts[testId] = script;

    /// <summary>The steps of a test's script.</summary>
    public Steps StepsOf(string testId) => steps.GetOrAdd(testId, _ => new Steps());

    public async ValueTask DisposeAsync()
    {
        await http1.DisposeAsync();
        await kestrel.DisposeAsync();
    }

    private TaskCompletionSource<SeenRequest> SlotOf(string testId) =>
        seen.GetOrAdd(testId, _ => new TaskCompletionSource<SeenRequest>(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task RunAsync(SeenRequest request, Func<Steps, UpstreamCall> open, CancellationToken cancel)
    {
        string testId = request.Headers["x-test-id"] ?? "";
        SlotOf(testId).TrySetResult(request);
        var call = open(StepsOf(testId));
        try
        {
            await (scripts.GetValueOrDefault(testId) ?? Scripts.For(request.Path))(call, cancel);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            call.Abort();
        }
        finally
        {
            request.End();
        }
    }
}
