using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ExtProc.Demo;

/// <summary>The service behind Envoy: it knows a secret and says it to everybody.</summary>
internal static class DemoUpstream
{
    private static readonly TimeSpan EventInterval = TimeSpan.FromMilliseconds(500);

    public static async Task<WebApplication> StartAsync(int port)
    {
        WebApplication app = Create(port);
        Map(app);
        await app.StartAsync();
        return app;
    }

    /// <summary>An app that listens on the port and serves nothing yet.</summary>
    public static WebApplication Create(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        return builder.Build();
    }

    /// <summary>Has an app serve what the upstream serves.</summary>
    public static void Map(WebApplication app)
    {
        app.MapGet("/hello", HelloAsync);
        app.MapPost("/echo", EchoAsync);
        app.MapGet("/events", EventsAsync);
    }

    private static Task HelloAsync(HttpContext context) =>
        SayAsync(context, $"hello, my word is secret and you come with x-demo: {context.Request.Headers["x-demo"]}\n");

    private static async Task EchoAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        await SayAsync(context, $"the upstream received: {await reader.ReadToEndAsync(context.RequestAborted)}\n");
    }

    private static Task SayAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text);
    }

    /// <summary>Server-sent events with a pause between them; the word lies across the border of two writes.</summary>
    private static async Task EventsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        for (int number = 1; number <= 3; number++)
        {
            await context.Response.WriteAsync($"data: event {number} is se", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(EventInterval, TimeProvider.System, context.RequestAborted);
            await context.Response.WriteAsync("cret\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
