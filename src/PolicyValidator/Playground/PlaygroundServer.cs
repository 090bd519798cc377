using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using PolicyValidator.Reporting;
using PolicyValidator.Rules;

namespace PolicyValidator.Playground;

/// <summary>
/// The playground: its page under <c>/</c>, and below <c>/api</c> what the page asks for. <c>GET start</c> answers a
/// <see cref="StartAnswer"/>, <c>GET rules/ID</c> a <see cref="RuleAnswer"/>, <c>POST lint</c> a <see cref="LintAnswer"/>; what is
/// refused, a <see cref="Refusal"/>. Nothing is kept from one request to the next.
/// </summary>
internal sealed class PlaygroundServer : IAsyncDisposable
{
    /// <summary>A slower reader would keep what was written for it in memory.</summary>
    private const double SlowestBytesPerSecond = 10_000;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly WebApplication app;
    private readonly LintEndpoint lint;
    private readonly PlaygroundOptions options;

    private PlaygroundServer(PlaygroundOptions options, TimeProvider time)
    {
        this.options = options;
        lint = new(options, time);
        OpenConnections connections = new(options.MaxConnections);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxTextBytes;
            kestrel.Limits.RequestHeadersTimeout = options.HeaderTime;
            kestrel.Limits.KeepAliveTimeout = options.HeaderTime; // also the time until the first byte
            kestrel.Limits.MinResponseDataRate = new(SlowestBytesPerSecond, Grace);
            kestrel.Listen(options.Listen, listener =>
            {
                listener.Protocols = HttpProtocols.Http1;
                connections.Guard(listener);
            });
        });
        app = builder.Build();
        app.Run(ServeAsync);
    }

    /// <summary>Where it listens: <c>http://127.0.0.1:8910</c>.</summary>
    public string Url => app.Urls.First();

    /// <summary>Listens from now on.</summary>
    /// <exception cref="IOException">The address cannot be had.</exception>
    public static async Task<PlaygroundServer> StartAsync(PlaygroundOptions options, TimeProvider time)
    {
        PlaygroundServer server = new(options, time);
        try
        {
            await server.app.StartAsync().ConfigureAwait(false);
            return server;
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Waits for SIGINT (Ctrl-C) or SIGTERM, and ends what is under way.</summary>
    public Task RunAsync() => app.WaitForShutdownAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync().ConfigureAwait(false);
        lint.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        RequestGuard.Protect(context.Response);
        context.Features.Get<OpenConnection>()?.Touch();
        try
        {
            if (RequestGuard.Refuse(context.Request) is { } refused)
            {
                throw new RefusedException(refused.Status, refused.Problem);
            }

            await AnswerAsync(context).ConfigureAwait(false);
        }
        catch (RefusedException refused)
        {
            context.Response.StatusCode = refused.Status;
            if (refused.Status == StatusCodes.Status503ServiceUnavailable)
            {
                context.Response.Headers.RetryAfter = "1";
            }

            await WriteAsync(context, new Refusal(refused.Message), Answers.Default.Refusal).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The user has typed on, and the page no longer wants this answer.
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        string path = context.Request.Path.Value ?? "/";
        switch (context.Request.Method, path)
        {
            case ("POST", "/api/lint"):
                await WriteAsync(context, await lint.AnswerAsync(context.Request).ConfigureAwait(false), Answers.Default.LintAnswer).ConfigureAwait(false);
                break;
            case ("GET", "/api/start"):
                await WriteAsync(context, Start(), Answers.Default.StartAnswer).ConfigureAwait(false);
                break;
            case ("GET", _) when path.StartsWith("/api/rules/", StringComparison.Ordinal):
                await WriteAsync(context, Explain(path["/api/rules/".Length..]), Answers.Default.RuleAnswer).ConfigureAwait(false);
                break;
            case ("GET" or "HEAD", _) when PageFiles.Find(path) is { } file:
                context.Response.ContentType = file.Type;
                context.Response.ContentLength = file.Content.Length;
                await context.Response.Body.WriteAsync(context.Request.Method == "GET" ? file.Content : [], context.RequestAborted).ConfigureAwait(false);
                break;
            default:
                throw new RefusedException(StatusCodes.Status404NotFound, "there are GET / and its files, GET /api/start, GET /api/rules/ID and POST /api/lint");
        }
    }

    private static Task WriteAsync<T>(HttpContext context, T answer, JsonTypeInfo<T> form)
    {
        context.Response.ContentType = "application/json";
        return JsonSerializer.SerializeAsync(context.Response.Body, answer, form, context.RequestAborted);
    }

    private StartAnswer Start() => new(
        typeof(PlaygroundServer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0],
        options.MaxTextBytes,
        Target.Newest.Text,
        [.. Target.Offered.Select(group => new TargetGroup(group.Product, [.. group.Targets.Select(target => target.Text)]))],
        Example.All);

    private static RuleAnswer Explain(string id) => RuleCatalog.All.FirstOrDefault(rule => rule.Id == id) is { } rule
        ? new(rule.Id, rule.Name, SeverityNames.Of(rule.Severity), rule.Summary, rule.Why, $"{rule.Versions}", rule.Sources, rule.ExampleTarget.Text, rule.Bad, rule.Good)
        : throw new RefusedException(StatusCodes.Status404NotFound, "there is no such rule; policy-validator rules lists them");
}
