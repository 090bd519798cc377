using System.Collections.Concurrent;
using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Envoy.Runner;
using Envoy.Service.ExtProc.V3;
using ExtProc.EndToEnd.Lab;
using ExtProc.Hosting;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ExtProc.EndToEnd.InApp;

/// <summary>What an app puts before its endpoints holds for ext_proc, and for nothing beside it.</summary>
public sealed class GuardedTests
{
    private const string Key = "x-api-key", Secret = "open sesame";

    /// <summary>Each way to require authorization.</summary>
    private static readonly Dictionary<string, Action<WebApplication>> Ways = new()
    {
        ["on the endpoint"] = web => web.MapExtProc().RequireAuthorization(),
        ["by a policy"] = web => web.MapExtProc().RequireAuthorization("envoy"),
        ["by an attribute"] = web => web.MapExtProc().WithMetadata(new AuthorizeAttribute("envoy")),
        ["on a group"] = web => web.MapGroup("").RequireAuthorization("envoy").MapExtProc(),
    };

    public static TheoryData<string, string> Authorized
    {
        get
        {
            TheoryData<string, string> rows = [];
            foreach (string way in Ways.Keys)
            {
                foreach (string version in Versions.Tested)
                {
                    rows.Add(version, way);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Authorized))]
    public async Task Authorization_holds_for_Process_alone(string version, string way)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.ListenForEnvoy(port).Services.AddMarking();
                builder.Services.AddAuthentication("key").AddScheme<AuthenticationSchemeOptions, KeyAuthentication>("key", null);
                builder.Services.AddAuthorizationBuilder().AddPolicy("envoy", policy => policy.RequireClaim("client", "envoy"));
            },
            Ways[way]);
        await using AppEnvoy envoy = await AppEnvoy.StartAsync(
            version, deadline.Token,
            WithKey(port),
            new Way("wrong", port) { Metadata = new Dictionary<string, string> { [Key] = "guess" } },
            new Way("without", port));

        Assert.Equal((500, null), await envoy.AskAsync("without", deadline.Token));
        Assert.Equal((500, null), await envoy.AskAsync("wrong", deadline.Token));
        Assert.Equal(0, app.Marks.Count);
        Assert.Equal((200, "default"), await envoy.AskAsync("with", deadline.Token));
        Assert.Equal(404, await App.StatusAsync(port, "/nothing", HttpVersion.Version20, deadline.Token));
        Assert.Equal(404, await App.StatusAsync(port, "/two/parts", HttpVersion.Version20, deadline.Token));
        Assert.Equal(200, await App.StatusAsync(port, "/hello", HttpVersion.Version20, deadline.Token));
        Assert.Equal(5, await App.AskOwnServiceAsync(port, deadline.Token));
        Assert.Equal(StatusCode.Unimplemented, await HealthCalls.UnknownMethodAsync(port, deadline.Token));
        Assert.Equal(way == "on a group" ? StatusCode.Unauthenticated : StatusCode.OK, await HealthCalls.StatusAsync(port, "grpc.health.v1.Health", "Check", deadline.Token));
    }

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task A_rate_limit_holds_for_Process_alone(string version)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.ListenForEnvoy(port).Services.AddMarking();
                builder.Services.AddRateLimiter(limiter => limiter.AddFixedWindowLimiter("envoy", limit => (limit.PermitLimit, limit.Window, limit.AutoReplenishment) = (2, TimeSpan.FromHours(1), false)));
            },
            web =>
            {
                web.UseRateLimiter();
                web.MapExtProc().RequireRateLimiting("envoy");
            });
        await using AppEnvoy envoy = await AppEnvoy.StartAsync(version, deadline.Token, new Way("limited", port));

        List<int> statuses = [];
        for (int at = 0; at < 4; at++)
        {
            statuses.Add((await envoy.AskAsync("limited", deadline.Token)).Status);
        }

        Assert.Equal([200, 200, 500, 500], statuses);
        Assert.Equal(2, app.Marks.Count);
        Assert.Equal(200, await App.StatusAsync(port, "/hello", HttpVersion.Version20, deadline.Token));
        Assert.Equal(5, await App.AskOwnServiceAsync(port, deadline.Token));
    }

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task An_interceptor_of_the_app_sees_the_call_and_how_it_ended(string version)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        ConcurrentQueue<(string Method, string? Key, StatusCode Status, DateTime Deadline)> seen = new();
        int port = FreePort.Next(), own = FreePort.Next();
        Dictionary<string, string> metadata = new() { [Key] = Secret };
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.ListenForEnvoy(port).Services.AddMarking().Listen(own);
                builder.Services.AddSingleton(seen);
                builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<Watching>());
            },
            web => web.MapExtProc());
        await using AppEnvoy envoy = await AppEnvoy.StartAsync(version, deadline.Token, new Way("apps", port) { Metadata = metadata }, new Way("own", own) { Metadata = metadata });

        foreach (string way in (string[])["apps", "own"])
        {
            seen.Clear();
            Assert.Equal((200, "default"), await envoy.AskAsync(way, deadline.Token));
            Assert.Equal(500, (await envoy.AskAsync(way, deadline.Token, Mark.FailPath)).Status);
            await App.UntilAsync(() => seen.Count == 2, deadline.Token);
            AssertSeen(seen);
        }
    }

    private static void AssertSeen(IReadOnlyCollection<(string Method, string? Key, StatusCode Status, DateTime Deadline)> seen)
    {
        Assert.All(seen, call => Assert.Equal(("/envoy.service.ext_proc.v3.ExternalProcessor/Process", Secret, DateTime.MaxValue), (call.Method, call.Key, call.Deadline)));
        Assert.Single(seen, call => call.Status is StatusCode.OK);
        Assert.Single(seen, call => call.Status is not StatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task Usual_middleware_of_an_app_leaves_it_alone(string version)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.ListenForEnvoy(port).Services.AddMarking();
                builder.Services.AddHttpLogging(logging => logging.LoggingFields = Microsoft.AspNetCore.HttpLogging.HttpLoggingFields.All)
                    .AddResponseCompression().AddRequestDecompression().AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new() { Timeout = TimeSpan.FromMinutes(5) })
                    .AddCors().AddOutputCache().AddProblemDetails();
            },
            web =>
            {
                web.UseExceptionHandler().UseStatusCodePages().UseForwardedHeaders().UseHttpLogging().UseResponseCompression().UseRequestDecompression()
                    .UseRequestTimeouts().UseCors(cors => cors.AllowAnyOrigin()).UseOutputCache().UseWebSockets();
                web.MapExtProc();
            });
        await using AppEnvoy envoy = await AppEnvoy.StartAsync(version, deadline.Token, new Way("after", port));

        Assert.Equal((200, "default"), await envoy.AskAsync("after", deadline.Token));
        Assert.Equal("default", await WiringTests.MarkedByAsync($"http://127.0.0.1:{port}", null, deadline.Token));
        Assert.Equal(500, (await envoy.AskAsync("after", deadline.Token, Mark.FailPath)).Status);
        Assert.Equal((200, "default"), await envoy.AskAsync("after", deadline.Token));
    }

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task An_interceptor_of_the_app_can_refuse_the_call(string version)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await StartAsync<Refusing>(port);
        await using AppEnvoy envoy = await AppEnvoy.StartAsync(version, deadline.Token, WithKey(port), new Way("without", port));

        Assert.Equal((500, null), await envoy.AskAsync("without", deadline.Token));
        Assert.Equal(0, app.Marks.Count);
        Assert.Equal((200, "default"), await envoy.AskAsync("with", deadline.Token));
    }

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task An_interceptor_that_does_not_wait_for_the_call_fails_it_and_harms_no_other(string version)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await StartAsync<Hasty>(port);
        await using AppEnvoy envoy = await AppEnvoy.StartAsync(version, deadline.Token, WithKey(port), new Way("without", port));

        for (int i = 0; i < 20; i++)
        {
            // An exchange may be over before the interceptor has returned. Never does it go on without a processor.
            Assert.Contains(await envoy.AskAsync("without", deadline.Token), ((int, string?)[])[(500, null), (200, "default")]);
            Assert.Equal((200, "default"), await envoy.AskAsync("with", deadline.Token));
        }

        Assert.DoesNotContain(app.Log.All, line => line.Contains("unhandled exception", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task An_interceptor_that_calls_the_method_twice_fails_the_call()
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await StartAsync<Twice>(port);
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        using var stream = new ExternalProcessor.ExternalProcessorClient(channel).Process(cancellationToken: deadline.Token);
        await stream.RequestStream.CompleteAsync();

        Assert.Equal(StatusCode.Unknown, (await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(deadline.Token))).StatusCode);
    }

    [Fact]
    public async Task A_timeout_of_the_app_ends_no_stream()
    {
        TimeSpan timeout = TimeSpan.FromMilliseconds(50);
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.ListenForEnvoy(port).Services.AddMarking();
                builder.Services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new() { Timeout = timeout });
            },
            web =>
            {
                web.UseRequestTimeouts();
                web.MapExtProc().WithRequestTimeout(timeout);
            });
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        using var stream = new ExternalProcessor.ExternalProcessorClient(channel).Process(cancellationToken: deadline.Token);
        await stream.RequestStream.WriteAsync(new ProcessingRequest { RequestHeaders = new() });
        Assert.True(await stream.ResponseStream.MoveNext(deadline.Token));

        await Task.Delay(10 * timeout, TimeProvider.System, deadline.Token);

        await stream.RequestStream.WriteAsync(new ProcessingRequest { ResponseHeaders = new() });
        Assert.True(await stream.ResponseStream.MoveNext(deadline.Token));
    }

    /// <summary>Options that the app has for messages of its own services.</summary>
    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task The_apps_gRPC_options_leave_the_messages_of_Process_alone(string version)
    {
        using CancellationTokenSource deadline = new(AppEnvoy.Patience);
        int port = FreePort.Next();
        await using App app = await App.StartAsync(
            builder =>
            {
                builder.ListenForEnvoy(port).Services.AddMarking();
                builder.Services.AddGrpc(grpc =>
                {
                    (grpc.MaxReceiveMessageSize, grpc.MaxSendMessageSize) = (10, 10);
                    (grpc.ResponseCompressionAlgorithm, grpc.ResponseCompressionLevel) = ("gzip", System.IO.Compression.CompressionLevel.Optimal);
                    (grpc.IgnoreUnknownServices, grpc.EnableDetailedErrors) = (true, true);
                });
            },
            web => web.MapExtProc());
        await using AppEnvoy envoy = await AppEnvoy.StartAsync(version, deadline.Token, new Way("small", port));

        Assert.Equal((200, "default"), await envoy.AskAsync("small", deadline.Token));
        Assert.Equal("default", await WiringTests.MarkedByAsync($"http://127.0.0.1:{port}", null, deadline.Token));
    }

    private static Way WithKey(int port) => new("with", port) { Metadata = new Dictionary<string, string> { [Key] = Secret } };

    /// <summary>An app with an interceptor, of which there is one for all calls.</summary>
    private static Task<App> StartAsync<TInterceptor>(int port)
        where TInterceptor : Interceptor => App.StartAsync(
            builder =>
            {
                builder.ListenForEnvoy(port).Services.AddMarking();
                builder.Services.AddSingleton<TInterceptor>();
                builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<TInterceptor>());
            },
            web => web.MapExtProc());

    /// <summary>Knows a client by a header.</summary>
    private sealed class KeyAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(
            Request.Headers[Key] == Secret
                ? AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity([new Claim("client", "envoy")], Scheme.Name)), Scheme.Name))
                : AuthenticateResult.NoResult());
    }

    private sealed class Refusing : Interceptor
    {
        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation) => context.RequestHeaders.GetValue(Key) == Secret
                ? continuation(requestStream, responseStream, context)
                : throw new RpcException(new Status(StatusCode.PermissionDenied, "the key is missing"));
    }

    /// <summary>Returns at once, every other time without a call at all.</summary>
    private sealed class Hasty : Interceptor
    {
        private int calls;

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            if (context.RequestHeaders.GetValue(Key) == Secret)
            {
                return continuation(requestStream, responseStream, context);
            }

            if (Interlocked.Increment(ref calls) % 2 == 0)
            {
                _ = continuation(requestStream, responseStream, context);
            }

            return Task.CompletedTask;
        }
    }

    private sealed class Twice : Interceptor
    {
        public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            await continuation(requestStream, responseStream, context);
            await continuation(requestStream, responseStream, context);
        }
    }

    private sealed class Watching(ConcurrentQueue<(string, string?, StatusCode, DateTime)> seen) : Interceptor
    {
        public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation)
        {
            await continuation(requestStream, responseStream, context);
            seen.Enqueue((context.Method, context.RequestHeaders.GetValue(Key), context.Status.StatusCode, context.Deadline));
        }
    }
}
