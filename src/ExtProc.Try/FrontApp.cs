using System.Net;
using System.Text;
using ExtProc.Front;
using ExtProc.Front.Transcripts;
using ExtProc.Hosting;
using ExtProc.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace ExtProc.Try;

/// <summary>The app that clients talk to: the front, and behind it what answers.</summary>
internal static class FrontApp
{
    public static WebApplication Build(TryArguments wanted, ExtProcFilterOptions filter, LineWriter lines, LineLog log)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(log);
        builder.Logging.AddFilter("ExtProc.Front", LogLevel.None); // the transcripts say it where it belongs
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Logging.AddFilter("Yarp", LogLevel.None); // UpstreamForward says it in a line
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddHttpForwarder();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, wanted.Port));
        WebApplication app = builder.Build();
        filter.Trace = new ExchangeTranscripts(block => lines.Write(block.TrimEnd('\n'))).Of;
        app.UseExtProc(filter);
        app.Run(wanted.Upstream is { } upstream ? Forward(app, upstream, wanted.Port) : Echo.AnswerAsync);
        return app;
    }

    // People try by hand, and slowly; what is large or slow is the exchange's affair, as behind a proxy.
    private static void Listen(KestrelServerOptions kestrel, int port)
    {
        kestrel.AddServerHeader = false;
        kestrel.ResponseHeaderEncodingSelector = _ => Encoding.UTF8; // as Envoy, which passes any bytes
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Listen(IPAddress.Loopback, port, listener => listener.Protocols = HttpProtocols.Http1);
    }

    private static RequestDelegate Forward(WebApplication app, Uri upstream, int port)
    {
        var forward = new UpstreamForward(upstream, port, app.Services.GetRequiredService<IHttpForwarder>(), app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("ExtProc.Try"));
        app.Lifetime.ApplicationStopped.Register(forward.Dispose);
        return forward.SendAsync;
    }
}
