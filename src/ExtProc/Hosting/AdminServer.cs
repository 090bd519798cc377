using System.Net;
using ExtProc.Configuration;
using ExtProc.Health;
using ExtProc.Telemetry;
using ExtProc.Transport.Connections;
using ExtProc.Transport.Refusals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ExtProc.Hosting;

/// <summary>
/// The admin port: <c>/live</c> and <c>/ready</c> over HTTP/1.1. A Kestrel of its own, because it must answer before the gRPC port
/// opens and until after the last exchange has ended, and one Kestrel opens and closes all of its ports together.
/// </summary>
/// <remarks>
/// A probe must always be answered, or a supervisor kills a server that works. So a request is small and comes at once, a connection has
/// one, and where there are too many the oldest makes room for the newest, whatever it does.
/// </remarks>
internal sealed class AdminServer(ExtProcOptions options, Readiness readiness, TimeProvider time, TransportRefusals refusals, ILoggerFactory loggers) : IHostedService
{
    private const int MaxRequestLineBytes = 2 * 1024, MaxHeaderBytes = 8 * 1024;

    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(5), ResponseTime = TimeSpan.FromSeconds(2);

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
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance); // refused probes must not be counted as refused exchanges
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(Guard());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Limit(kestrel, endPoint));
        builder.Services.AddSingleton<IConnectionListenerFactory, GuardedListenerFactory>();
        WebApplication app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        _app = app;
        loggers.CreateLogger<AdminServer>().AdminListening(app.ListenAddresses().First());
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

    // No connection has a call in its guard's eyes: a probe's is the newest, and is over in no time.
    private ConnectionGuard Guard() =>
        new(RefusalCause.AdminConnectionLimit, isHttp2: false, new(OpenFiles.RoomForProbes(OpenFiles.Limit()), TimeSpan.MaxValue, TimeSpan.MaxValue, TimeSpan.MaxValue), time, refusals);

    private static void Limit(KestrelServerOptions kestrel, IPEndPoint endPoint)
    {
        kestrel.AddServerHeader = false;
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxRequestBodySize = 0;
        limits.MaxRequestLineSize = MaxRequestLineBytes;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.RequestHeadersTimeout = RequestTime;
        limits.KeepAliveTimeout = RequestTime; // also the time until the first byte
        limits.MinResponseDataRate = new MinDataRate(bytesPerSecond: 1_000, ResponseTime);
        kestrel.Listen(endPoint, listener =>
        {
            listener.Protocols = HttpProtocols.Http1;
            listener.ApplicationServices.GetRequiredService<ConnectionGuard>().Guard(listener);
        });
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
        context.Response.Headers.Connection = "close";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
