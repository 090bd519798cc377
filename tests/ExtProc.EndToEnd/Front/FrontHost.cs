using System.Net;
using ExtProc.EndToEnd.Authors;
using ExtProc.EndToEnd.Clients;
using ExtProc.Front;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ExtProc.EndToEnd.Front;

/// <summary>An app with the front in it, on a port for HTTP/1.1 and one for HTTP/2 in clear text.</summary>
internal sealed class FrontHost : IAsyncDisposable
{
    private readonly WebApplication app;
    private int openExchanges;

    private FrontHost(WebApplication app) => this.app = app;

    public required LogLines Log { get; init; }

    /// <summary>Exchanges that have not returned from the app's pipeline.</summary>
    public int OpenExchanges => Volatile.Read(ref openExchanges);

    public static Task<FrontHost> StartAsync(Action<ExtProcFilterOptions> configure, RequestDelegate upstream) =>
        StartAsync(app =>
        {
            app.UseExtProc(configure);
            app.Run(upstream);
        });

    public static async Task<FrontHost> StartAsync(Action<WebApplication> pipeline, Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, port => port.Protocols = HttpProtocols.Http2);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        services?.Invoke(builder.Services);
        var log = new LogLines();
        builder.Logging.AddProvider(log);
        WebApplication app = builder.Build();
        var host = new FrontHost(app) { Log = log };
        app.Use(host.CountAsync);
        pipeline(app);
        await app.StartAsync();
        return host;
    }

    public int PortOf(ClientProtocol protocol) =>
        new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ElementAt(protocol == ClientProtocol.Http1 ? 0 : 1)).Port;

    private async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        Interlocked.Increment(ref openExchanges);
        try
        {
            await next(context);
        }
        catch (Exception thrown)
        {
            Log.Log<object?>(LogLevel.Error, default, null, thrown, (_, _) => $"{context.Request.Path} threw {thrown}");
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref openExchanges);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }
}
