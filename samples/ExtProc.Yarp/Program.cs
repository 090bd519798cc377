using System.Net;
using ExtProc;
using ExtProc.Front;
using ExtProc.Hosting;
using Yarp.ReverseProxy.Configuration;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);

// Clients come to the web port, the front to the ext_proc server on the gRPC port, and YARP to a shop on the third.
int web = builder.Configuration.GetValue("WebPort", 8080), grpc = builder.Configuration.GetValue("GrpcPort", 9000), shop = builder.Configuration.GetValue("ShopPort", 8081);
builder.WebHost.UseExtProcTransport().ConfigureKestrel(kestrel =>
{
    kestrel.Listen(IPAddress.Loopback, web);
    kestrel.Listen(IPAddress.Loopback, shop);
    kestrel.Listen(IPAddress.Loopback, grpc, port => port.UseExtProc());
});

builder.Services.AddExtProc().AddSharedProcessor<Guard>("guard").Use("guard");
builder.Services.AddReverseProxy().LoadFromMemory(
    [new RouteConfig { RouteId = "all", ClusterId = "shop", Match = new() { Path = "/{**path}" } }],
    [new ClusterConfig { ClusterId = "shop", Destinations = new Dictionary<string, DestinationConfig> { ["one"] = new() { Address = $"http://127.0.0.1:{shop}" } } }]);

WebApplication app = builder.Build();
app.UseExtProc(filter =>
{
    filter.GrpcService = new Uri($"http://127.0.0.1:{grpc}");
    filter.MessageTimeout = TimeSpan.FromSeconds(10); // Envoy's default of 200 ms is short for an app that is debugged
    filter.ProcessingMode = new() { ResponseBodyMode = BodySendMode.FullDuplexStreamed, ResponseTrailerMode = HeaderSendMode.Send };
});
app.MapReverseProxy().RequireLocalPort(web);

// What the front must not send through the server: the server itself, and the shop, to which YARP has sent it.
app.MapExtProc().RequireLocalPort(grpc).DisableExtProc();
app.MapMethods("/orders", ["GET", "DELETE"], (HttpRequest request) => $"{request.Method} order 7, for {request.Headers["x-customer"]}\n").RequireLocalPort(shop).DisableExtProc();
app.MapGet("/events", Shop.EventsAsync).RequireLocalPort(shop).DisableExtProc();
await app.RunAsync();

/// <summary>Names the customer to the shop, refuses requests that could change something, and keeps the word "secret" from clients.</summary>
internal sealed class Guard : Processor
{
    public override void DeclareNeeds(Needs needs) => needs.ResponseBody = BodyNeed.Stream(holdBytes: "secret"u8.Length - 1) with { Reads = BodyTypes.Text };

    public override ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation)
    {
        exchange.RequestHeaders.Set("x-customer", "Ada");
        return exchange.Method is "GET" or "HEAD" ? Verdict.Continue : Verdict.Respond(403, "only for reading\n");
    }

    public override ValueTask<Verdict> OnResponseBodyAsync(Exchange exchange, Body body, CancellationToken cancellation)
    {
        for (int at; (at = body.Span.IndexOf("secret"u8)) >= 0;)
        {
            body.Pass(at);
            body.Drop("secret"u8.Length);
            body.Write("[redacted]"u8);
        }

        body.Hold(BeginningAtTheEndOf(body.Span)); // "... sec": the next chunk may bring "ret"
        return Verdict.Continue;
    }

    private static int BeginningAtTheEndOf(ReadOnlySpan<byte> text)
    {
        int length = Math.Min("secret"u8.Length - 1, text.Length);
        while (length > 0 && !text.EndsWith("secret"u8[..length]))
        {
            length--;
        }

        return length;
    }
}

/// <summary>Three events, a second apart, the word in two pieces.</summary>
internal static class Shop
{
    public static async Task EventsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        foreach (string piece in (string[])["data: the sec", "ret is out\n\n", "data: no more\n\n"])
        {
            await context.Response.WriteAsync(piece, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, context.RequestAborted);
        }
    }
}
