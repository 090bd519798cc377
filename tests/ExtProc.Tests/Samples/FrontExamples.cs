using System.Net;
using ExtProc.Front;
using ExtProc.Front.Transcripts;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ExtProc.Tests.Samples;

/// <summary>The examples of src/ExtProc.Front/README.md; the page shows what follows the line with its name. Each is built and started.</summary>
public sealed class FrontExamples
{
    private static readonly Dictionary<string, (Action<WebApplicationBuilder> Build, Action<WebApplication> Use)> Examples = new()
    {
        ["front-shortest"] = (_ => { }, Shortest),
        ["front-yarp"] = (builder => builder.Services.AddReverseProxy().LoadFromMemory([], []), Yarp),
        ["front-order"] = (builder => builder.Services.AddResponseCompression(), Order),
        ["front-settings"] = (Settings, app => app.UseExtProc()),
        ["front-route"] = (_ => { }, Route),
        ["front-metadata"] = (_ => { }, Metadata),
        ["front-trace"] = (_ => { }, Trace),
        ["front-utf8"] = (Utf8, Shortest),
    };

    public static TheoryData<string> Names => [.. Examples.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_example_starts(string name)
    {
        (Action<WebApplicationBuilder> build, Action<WebApplication> use) = Examples[name];
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Configuration["ExtProcFilter:GrpcService"] = "http://127.0.0.1:9000";
        build(builder);
        await using WebApplication app = builder.Build();
        use(app);

        await app.StartAsync();
        await app.StopAsync();
    }

    private static void Shortest(WebApplication app)
    {
        // front-shortest:
        app.UseExtProc(filter =>
        {
            filter.GrpcService = new Uri("http://127.0.0.1:9000");
            filter.MessageTimeout = TimeSpan.FromSeconds(10); // the default is Envoy's 200 ms
            filter.ProcessingMode = new()
            {
                RequestBodyMode = BodySendMode.FullDuplexStreamed,
                RequestTrailerMode = HeaderSendMode.Send,
                ResponseBodyMode = BodySendMode.FullDuplexStreamed,
                ResponseTrailerMode = HeaderSendMode.Send,
            };
        });
        app.MapGet("/hello", (HttpRequest request) => $"x-tag: {request.Headers["x-tag"]}");
    }

    private static void Yarp(WebApplication app)
    {
        // front-yarp:
        app.UseExtProc(filter => filter.GrpcService = new Uri("http://127.0.0.1:9000"));
        app.MapReverseProxy();
    }

    private static void Order(WebApplication app)
    {
        // front-order:
        app.UseResponseCompression(); // compresses what the server has made
        app.UseExtProc(filter => filter.GrpcService = new Uri("http://127.0.0.1:9000"));
        app.UseWebSockets();          // behind, so that the server sees the bytes
        app.MapGet("/hello", () => "hello");
    }

    private static void Settings(WebApplicationBuilder builder)
    {
        // front-settings:
        builder.Services.Configure<ExtProcFilterOptions>(builder.Configuration.GetSection("ExtProcFilter"));
        // and after builder.Build(): app.UseExtProc();
    }

    private static void Route(WebApplication app)
    {
        // front-route:
        app.UseExtProc(filter => filter.GrpcService = new Uri("http://127.0.0.1:9000"));
        app.MapGet("/health", () => "well").DisableExtProc();
        app.MapPost("/upload", () => "thanks").WithExtProc(new ExtProcPerRoute
        {
            ProcessingMode = new() { RequestBodyMode = BodySendMode.Streamed },
            FailureModeAllow = true,
            GrpcInitialMetadata = new Dictionary<string, string> { ["x-route"] = "upload" },
        });
    }

    private static void Metadata(WebApplication app)
    {
        // front-metadata:
        app.Use((context, next) =>
        {
            context.GetDynamicMetadata()["acme.login"] = new Struct { Fields = { ["user"] = Value.ForString("ada") } };
            return next(context);
        });
        app.UseExtProc(filter =>
        {
            filter.GrpcService = new Uri("http://127.0.0.1:9000");
            filter.ForwardingNamespaces.Add("acme.login");
            filter.ReceivingNamespaces.Add("acme.cost");
        });
        app.MapGet("/cost", (HttpContext context) => context.GetDynamicMetadata()["acme.cost"]?.ToString() ?? "none");
    }

    private static void Trace(WebApplication app)
    {
        // front-trace:
        var transcripts = new ExchangeTranscripts(Console.Out.Write);
        app.UseExtProc(filter =>
        {
            filter.GrpcService = new Uri("http://127.0.0.1:9000");
            filter.Trace = transcripts.Of;
        });
    }

    private static void Utf8(WebApplicationBuilder builder)
    {
        // front-utf8:
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ResponseHeaderEncodingSelector = _ => System.Text.Encoding.UTF8);
    }
}
