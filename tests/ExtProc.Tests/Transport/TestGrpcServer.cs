using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using ExtProc.Health;
using ExtProc.Hosting;
using ExtProc.Transport;
using Grpc.AspNetCore.HealthChecks;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ExtProc.Tests.Transport;

/// <summary>A real Kestrel on loopback with the transport and a few handlers that a test can name.</summary>
internal sealed class TestGrpcServer : IAsyncDisposable
{
    public const string Service = "test.Wire";

    /// <summary>A service that serves, until a test says otherwise to those who watch it.</summary>
    public const string ChangingService = "changing";

    /// <summary>So much that a connection with one such call is not among those that hold next to nothing.</summary>
    public static readonly (string Name, string? Value)[] MuchMetadata = [.. Enumerable.Range(0, 50).Select(i => ($"x-{i}", new string('a', 2_000)))];

    private readonly WebApplication app;

    private TestGrpcServer(WebApplication app, ConcurrentQueue<string> errors) => (this.app, Errors) = (app, errors);

    /// <summary>What was logged as an error; a test that expects none says so.</summary>
    public ConcurrentQueue<string> Errors { get; }

    public int Port => new Uri(app.Urls.First()).Port;

    public TransportBudget Budget => app.Services.GetRequiredService<TransportBudget>();

    public BlockPool Pool => app.Services.GetRequiredService<BlockPool>();

    /// <summary>What those who watch the health are told.</summary>
    public HealthServiceImpl Health => app.Services.GetRequiredService<HealthServiceImpl>();

    public static async Task<TestGrpcServer> StartAsync(
        GrpcTransportOptions? options = null, params (string Method, GrpcHandler Handler)[] more)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ConcurrentQueue<string> errors = new();
        builder.Logging.AddProvider(new ErrorLog(errors));
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.Services.AddGrpcTransport(options ?? new GrpcTransportOptions());
        builder.Services.AddKestrelTransport();
        builder.Services.AddExtProcHealth();
        builder.Services.Configure<GrpcHealthChecksOptions>(health => health.Services.Map(ChangingService, check => check.Tags.Contains(HealthNames.LiveTag)));
        builder.Services.AddGrpc().AddServiceOptions<TestMethods>(grpc => grpc.SuppressCreatingService = true);
        TestMethods methods = new(
        [
            ($"/{Service}/Echo", EchoAsync),
            ($"/{Service}/ReadNothing", (_, _, call) => Task.Delay(Timeout.InfiniteTimeSpan, call.Time, call.Aborted)),
            .. more.Select(method => (method.Method.StartsWith('/') ? method.Method : $"/{Service}/{method.Method}", method.Handler)),
        ]);
        builder.Services.AddSingleton<IServiceMethodProvider<TestMethods>>(methods);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseGrpc()));
        WebApplication app = builder.Build();
        CallGuard guard = app.Services.GetRequiredService<CallGuard>();
        app.MapGrpcService<TestMethods>().Guard(guard, (method, invoke) => guard.Around(invoke, methods.HandlerOf(method.Method.FullName)));
        app.Services.GetRequiredService<HealthRoutes>().Map(app);
        app.MapExtProcFallback();
        app.Services.GetRequiredService<Readiness>().Start();
        await app.StartAsync();
        return new TestGrpcServer(app, errors);
    }

    public static async Task EchoAsync(GrpcReader reader, GrpcWriter writer, GrpcCall call)
    {
        while (await reader.WaitAsync(CancellationToken.None))
        {
            while (reader.TryRead(out ReadOnlySequence<byte> message))
            {
                IBufferWriter<byte> answer = writer.Begin((int)message.Length);
                foreach (ReadOnlyMemory<byte> piece in message)
                {
                    answer.Write(piece.Span);
                }
            }

            await writer.FlushAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await app.StopAsync(late.Token);
        await app.DisposeAsync();
    }

    /// <summary>The handlers as methods of Grpc.AspNetCore.</summary>
    private sealed class TestMethods((string Path, GrpcHandler Handler)[] handlers) : IServiceMethodProvider<TestMethods>
    {
        private static readonly Marshaller<byte[]> Raw = Marshallers.Create(bytes => bytes, bytes => bytes);

        public GrpcHandler HandlerOf(string path) => handlers.First(handler => handler.Path == path).Handler;

        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<TestMethods> context)
        {
            foreach (string[] path in handlers.Select(handler => handler.Path.Split('/')))
            {
                RawMethod.Add(context, new Method<byte[], byte[]>(MethodType.DuplexStreaming, path[1], path[2], Raw, Raw), (_, _, call) => RawMethod.RunAsync(call));
            }
        }
    }

    private sealed class ErrorLog(ConcurrentQueue<string> errors) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                errors.Enqueue($"{formatter(state, exception)} {exception}");
            }
        }

        public void Dispose()
        {
        }
    }
}
