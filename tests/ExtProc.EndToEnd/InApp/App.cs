using System.Net;
using ExtProc.Configuration;
using ExtProc.EndToEnd.Authors;
using ExtProc.Hosting;
using ExtProc.InApp;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ExtProc.EndToEnd.InApp;

/// <summary>An app in this process: a minimal API (<c>/hello</c>) and a gRPC service of its own, and whatever a test has it do with ext_proc.</summary>
internal sealed class App : IAsyncDisposable
{
    private App(WebApplication web, LogLines log) => (Web, Log) = (web, log);

    public WebApplication Web { get; }

    public LogLines Log { get; }

    public Marks Marks => Web.Services.GetRequiredService<Marks>();

    /// <summary>An app that was built and not started.</summary>
    public static App Build(Action<WebApplicationBuilder> build, Action<WebApplication> map)
    {
        LogLines log = new();
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddSingleton<Marks>();
        builder.Services.AddGrpc();
        build(builder);
        WebApplication web = builder.Build();
        map(web);
        web.MapGet("/hello", () => "hello");
        web.MapGrpcService<OwnService>();
        return new(web, log);
    }

    public static async Task<App> StartAsync(Action<WebApplicationBuilder> build, Action<WebApplication> map)
    {
        App app = Build(build, map);
        await app.Web.StartAsync();
        return app;
    }

    /// <summary>An answer of the app's own gRPC service, in clear text.</summary>
    public static async Task<long> AskOwnServiceAsync(int port, CancellationToken cancel)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        return (await new Visits.VisitsClient(channel).CountAsync(new() { Path = "seven" }, cancellationToken: cancel)).Count;
    }

    /// <summary>The status of a GET.</summary>
    public static async Task<int> StatusAsync(int port, string path, Version version, CancellationToken cancel)
    {
        using HttpClient client = new() { DefaultRequestVersion = version, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"), cancel);
        return (int)answer.StatusCode;
    }

    /// <summary>Waits for what nothing announces.</summary>
    public static async Task UntilAsync(Func<bool> condition, CancellationToken cancel)
    {
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancel);
        }
    }

    public ValueTask DisposeAsync() => Web.DisposeAsync();

    private sealed class OwnService : Visits.VisitsBase
    {
        public override Task<CountReply> Count(CountRequest request, ServerCallContext context) => Task.FromResult(new CountReply { Count = request.Path.Length });
    }
}

internal static class AppSetup
{
    /// <summary>Opens ports for Envoy on the app's own Kestrel.</summary>
    public static WebApplicationBuilder ListenForEnvoy(this WebApplicationBuilder builder, params int[] ports)
    {
        builder.WebHost.UseExtProcTransport().ConfigureKestrel(kestrel => Array.ForEach(ports, port => kestrel.Listen(IPAddress.Loopback, port, listener => listener.UseExtProc())));
        return builder;
    }

    /// <summary>Opens a port as Kestrel does by itself.</summary>
    public static WebApplicationBuilder Listen(this WebApplicationBuilder builder, int port, HttpProtocols protocols = HttpProtocols.Http1AndHttp2)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listener => listener.Protocols = protocols));
        return builder;
    }

    /// <summary>ext_proc with a pipeline that marks responses.</summary>
    public static ExtProcBuilder AddMarking(this IServiceCollection services, string mark = "default")
    {
        services.AddSingleton<Marks>();
        return services.AddExtProc().AddSharedProcessor<Mark, MarkOptions>("mark").Use("mark", new MarkOptions(mark)).Configure(options => options with
        {
            Rehearsal = new() { Timeout = TimeSpan.Zero }, // the tests are one process, which is warm
            Drain = options.Drain with { Delay = TimeSpan.Zero },
        });
    }

    /// <summary>Ports of our own.</summary>
    public static ExtProcBuilder Listen(this ExtProcBuilder extproc, params int[] ports) =>
        extproc.Configure(options => options with { Listeners = [.. ports.Select(port => new ListenerOptions { Address = ListenAddress.Loopback(port) })] });

    /// <summary>The version of HTTP/2 without negotiation.</summary>
    public static Version Http2 => HttpVersion.Version20;
}

internal sealed record MarkOptions(string By = "default");

/// <summary>Says in the response which pipeline it came through; fails where the client asks for it.</summary>
internal sealed class Mark(MarkOptions options, Marks marks) : Processor
{
    public const string Header = "x-marked-by", FailPath = "/text?say=fail";

    public override ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation)
    {
        marks.Add();
        return exchange.Path == FailPath ? throw new InvalidOperationException("asked to fail") : Verdict.Continue;
    }

    public override ValueTask<Verdict> OnResponseHeadersAsync(Exchange exchange, CancellationToken cancellation)
    {
        exchange.ResponseHeaders.Set(Header, options.By);
        return Verdict.Continue;
    }
}

/// <summary>A service of the app that the processor asks for.</summary>
internal sealed class Marks
{
    private int _count;

    /// <summary>How many exchanges a processor has seen.</summary>
    public int Count => Volatile.Read(ref _count);

    public void Add() => Interlocked.Increment(ref _count);
}
