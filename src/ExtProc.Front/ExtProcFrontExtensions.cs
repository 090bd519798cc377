using System.Net;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ExtProc.Front;

/// <summary>Puts an ext_proc filter into an app's pipeline.</summary>
public static class ExtProcFrontExtensions
{
    // Where UseRouting finds the endpoints of a WebApplication.
    private const string EndpointsKey = "__GlobalEndpointRouteBuilder";

    /// <summary>
    /// Sends each exchange that comes here through an ext_proc server, as Envoy's filter does: the server sees and changes the request
    /// before the rest of the pipeline does, and the response before the client does. Several may follow each other.
    /// </summary>
    /// <param name="app">The pipeline. In front of YARP: before <c>MapReverseProxy</c>, or inside of it.</param>
    /// <param name="configure">Changes the settings, beginning with those of <c>services.Configure&lt;ExtProcFilterOptions&gt;</c>.</param>
    /// <exception cref="ArgumentException">The settings cannot be used; names all that is wrong with them.</exception>
    public static IApplicationBuilder UseExtProc(this IApplicationBuilder app, Action<ExtProcFilterOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        IServiceProvider services = app.ApplicationServices;
        ExtProcFilterOptions options = services.GetService<IOptionsFactory<ExtProcFilterOptions>>()?.Create(Options.DefaultName) ?? new();
        configure?.Invoke(options);
        return app.UseExtProc(options);
    }

    /// <summary>The same with settings that were made elsewhere.</summary>
    internal static IApplicationBuilder UseExtProc(this IApplicationBuilder app, ExtProcFilterOptions options)
    {
        OptionsCheck.Require(options);
        IServiceProvider services = app.ApplicationServices;
        GrpcChannel channel = options.Channel ?? Connect(options, services);
        TimeProvider time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        ILogger log = services.GetRequiredService<ILoggerFactory>().CreateLogger("ExtProc.Front");
        // The router is made when the pipeline is built: it knows the endpoints of that moment.
        return app.Use(next => new ExtProcMiddleware(next, Router(app), options, channel, time, log).InvokeAsync);
    }

    private static GrpcChannel Connect(ExtProcFilterOptions options, IServiceProvider services)
    {
        var channel = GrpcChannel.ForAddress(options.GrpcService!, new GrpcChannelOptions
        {
            // Envoy sends and takes messages of any size.
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
            DisposeHttpClient = true,
            HttpHandler = new SocketsHttpHandler
            {
                ConnectTimeout = options.ConnectTimeout,
                EnableMultipleHttp2Connections = true,
                PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
                UseProxy = false,
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                UseCookies = false,
                ActivityHeadersPropagator = null,
            },
        });
        services.GetService<IHostApplicationLifetime>()?.ApplicationStopped.Register(channel.Dispose);
        return channel;
    }

    /// <summary>What chooses an endpoint again, in an app that is a <see cref="WebApplication"/>. Others route behind this middleware, by what it has changed.</summary>
    private static RequestDelegate? Router(IApplicationBuilder app)
    {
        if (!app.Properties.TryGetValue(EndpointsKey, out object? endpoints) || app.ApplicationServices.GetService<LinkGenerator>() is null) // which comes with routing
        {
            return null;
        }

        IApplicationBuilder router = app.New();
        router.Properties[EndpointsKey] = endpoints; // a WebApplication's branches know none of its endpoints
        router.UseRouting();
        router.Run(_ => Task.CompletedTask);
        return router.Build();
    }
}
