using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Envoy.Service.ExtProc.V3;
using ExtProc.Configuration;
using ExtProc.Hosting;
using ExtProc.Samples;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ExtProc.Tests.Samples;

/// <summary>The examples of docs/in-your-own-app.md; the page shows what follows the line with its name. Each is built, and asked what it serves.</summary>
public sealed class InAppExamples
{
    private static readonly Dictionary<string, (Action<WebApplicationBuilder> Build, Action<WebApplication> Map, int Endpoints)> Examples = new()
    {
        ["app-shortest"] = (Shortest, app => app.MapExtProc(), 1),
        ["app-ports"] = (Ports, app => app.MapExtProc(), 1),
        ["app-urls"] = (Urls, app => app.MapExtProc(), 1),
        ["app-listen"] = (Listen, _ => { }, 0),
        ["app-pipelines"] = (Pipelines, MapPipelines, 2),
        ["app-authorization"] = (Authorization, MapAuthorization, 1),
        ["app-certificates"] = (Certificates, MapAuthorization, 1),
        ["app-limits"] = (Limits, MapLimits, 1),
        ["app-interceptor"] = (Interceptors, app => app.MapExtProc(), 1),
        ["app-options"] = (Options, app => app.MapExtProc(), 1),
    };

    public static TheoryData<string> Names => [.. Examples.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_example_is_built_and_maps_what_it_says(string name)
    {
        (Action<WebApplicationBuilder> build, Action<WebApplication> map, int endpoints) = Examples[name];
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        build(builder);
        await using WebApplication app = builder.Build();
        map(app);

        Assert.Equal(endpoints, ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).Count(endpoint => endpoint.DisplayName?.Contains("ExternalProcessor/Process", StringComparison.Ordinal) == true));
        Assert.Equal(name == "app-listen" ? ["127.0.0.1:9000"] : [], app.Services.GetRequiredService<IOptions<ExtProcOptions>>().Value.Listeners.Select(listener => listener.Address.ToString()));
    }

    [Fact]
    public async Task A_test_of_an_app_needs_no_port()
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddExtProc().AddSharedProcessor<Tag, TagOptions>("tag").Use("tag", new TagOptions()).Configure(options => options with { Drain = new() { Delay = TimeSpan.Zero } });

        // app-testhost:
        builder.WebHost.UseTestServer();
        await using WebApplication app = builder.Build();
        app.MapExtProc();
        await app.StartAsync();
        using HttpMessageHandler inMemory = app.GetTestServer().CreateHandler();
        using GrpcChannel channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions { HttpHandler = inMemory });
        using var stream = new ExternalProcessor.ExternalProcessorClient(channel).Process();
        await stream.RequestStream.WriteAsync(new ProcessingRequest { RequestHeaders = new HttpHeaders { EndOfStream = true } });
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal("x-tag", stream.ResponseStream.Current.RequestHeaders.Response.HeaderMutation.SetHeaders[0].Header.Key);
    }

    private static void Shortest(WebApplicationBuilder builder)
    {
        // app-shortest:
        builder.WebHost.UseExtProcTransport().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Any, 9000, port => port.UseExtProc()));
        builder.Services.AddExtProc().AddSharedProcessor<Tag, TagOptions>("tag").Use("tag", new TagOptions());
        // and after builder.Build(): app.MapExtProc();
    }

    private static void Ports(WebApplicationBuilder builder)
    {
        // app-ports:
        builder.WebHost.UseExtProcTransport().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Any, 8080);                            // the web
            kestrel.Listen(IPAddress.Any, 9000, port => port.UseExtProc()); // Envoy, and the app's own gRPC
        });

        builder.Services.AddExtProc();
    }

    private static void Urls(WebApplicationBuilder builder)
    {
        // app-urls:
        builder.WebHost.UseExtProcTransport().ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(port => port.UseExtProc()));

        builder.Services.AddExtProc();
    }

    private static void Listen(WebApplicationBuilder builder)
    {
        // app-listen:
        builder.Services.AddExtProc()
            .AddSharedProcessor<Tag, TagOptions>("tag")
            .Use("tag", new TagOptions())
            .Configure(options => options with { Listeners = [new() { Address = ListenAddress.Loopback(9000) }] });
    }

    private static void Pipelines(WebApplicationBuilder builder)
    {
        // app-pipelines:
        builder.Services.AddExtProc()
            .AddSharedProcessor<Tag, TagOptions>("tag")
            .Use("tag", new TagOptions(Value: "public"))
            .AddPipeline("inner", pipeline => pipeline.Use("tag", new TagOptions(Value: "inner")));
    }

    private static void MapPipelines(WebApplication app)
    {
        // app-map-pipelines:
        app.MapExtProc().RequireLocalPort(9000);
        app.MapExtProc("inner").RequireLocalPort(9002);
    }

    private static void Authorization(WebApplicationBuilder builder)
    {
        // app-authorization:
        builder.Services.AddAuthentication("key").AddScheme<AuthenticationSchemeOptions, KeyAuthentication>("key", null);
        builder.Services.AddAuthorizationBuilder().AddPolicy("envoy", policy => policy.RequireClaim("client", "envoy"));
        builder.Services.AddExtProc();
    }

    private static void MapAuthorization(WebApplication app)
    {
        // app-map-authorization:
        app.MapExtProc().RequireAuthorization("envoy");
    }

    private static void Certificates(WebApplicationBuilder builder)
    {
        X509Certificate2 server = SelfSigned();

        // app-certificates:
        builder.WebHost.UseExtProcTransport().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Any, 9443, port =>
        {
            port.UseExtProc();
            port.UseHttps(https => (https.ServerCertificate, https.ClientCertificateMode) = (server, ClientCertificateMode.RequireCertificate));
        }));
        builder.Services.AddAuthorizationBuilder().AddPolicy("envoy", policy => policy.RequireAssertion(
            context => context.Resource is HttpContext http && http.Connection.ClientCertificate?.Subject == "CN=envoy"));

        builder.Services.AddExtProc();
    }

    private static X509Certificate2 SelfSigned()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=extproc", key, HashAlgorithmName.SHA256).CreateSelfSigned(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(1));
    }

    private static void Limits(WebApplicationBuilder builder)
    {
        // app-limits:
        builder.Services.AddRateLimiter(limiter => limiter.AddConcurrencyLimiter("envoy", limit => limit.PermitLimit = 1_000));
        builder.Services.AddExtProc();
    }

    private static void MapLimits(WebApplication app)
    {
        // app-map-limits:
        app.UseRateLimiter();
        app.MapExtProc().RequireRateLimiting("envoy");
    }

    private static void Interceptors(WebApplicationBuilder builder)
    {
        // app-interceptor:
        builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<TagCalls>());
        builder.Services.AddExtProc();
    }

    private static void Options(WebApplicationBuilder builder)
    {
        // app-options:
        builder.Services.AddExtProc()
            .AddConfiguration(builder.Configuration.GetSection("ExtProc"))      // or AddYaml("extproc.yaml")
            .Configure(options => options with { LogExchanges = true });        // in code, last
        builder.Services.Configure<ExtProcOptions>(options => options.Reflection = true);
    }

    private sealed class KeyAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, System.Text.Encodings.Web.UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
    }

    // app-interceptor-class:
    private sealed class TagCalls : Interceptor
    {
        public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> next)
        {
            await next(requests, responses, context);
            Activity.Current?.SetTag("app.call", $"{context.Method}: {context.Status.StatusCode}");
        }
    }
}
