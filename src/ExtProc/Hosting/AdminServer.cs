using ExtProc.Configuration;
using ExtProc.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExtProc.Hosting;

/// <summary>
/// The admin port: <c>/live</c> and <c>/ready</c> over HTTP/1.1. A Kestrel of its own, because it must answer before the gRPC port
/// opens and until after the last exchange has ended, and one Kestrel opens and closes all of its ports together.
/// </summary>
internal sealed class AdminServer(ExtProcOptions options, Readiness readiness, ILoggerFactory loggers) : IHostedService
{
    private WebApplication? _app;

    /// <summary>Where it listens, once it does.</summary>
    public string? Address => _app?.Urls.FirstOrDefault();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Admin.Address.EndPoint is not { } endPoint)
        {
            return;
        }

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
            kestrel.Limits.MaxConcurrentConnections = 64;
            kestrel.Listen(endPoint, listener => listener.Protocols = HttpProtocols.Http1);
        });
        WebApplication app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        _app = app;
        loggers.CreateLogger<AdminServer>().AdminListening(Address!.Replace("http://", "", StringComparison.Ordinal));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync(cancellationToken).ConfigureAwait(false);
            await app.DisposeAsync().ConfigureAwait(false);
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        (int status, string text) = (context.Request.Method, context.Request.Path.Value) switch
        {
            (not ("GET" or "HEAD"), _) => (StatusCodes.Status405MethodNotAllowed, "use GET"),
            (_, "/live") => (StatusCodes.Status200OK, "live"),
            (_, "/ready") => (readiness.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, readiness.State),
            _ => (StatusCodes.Status404NotFound, "there are /live and /ready"),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
