using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using ExtProc.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ExtProc.Tests.Transport;

/// <summary>A real Kestrel on loopback with the transport and a few handlers that a test can name.</summary>
internal sealed class TestGrpcServer : IAsyncDisposable
{
    public const string Service = "test.Wire";

    /// <summary>So much that a connection with one such call is not among those that hold next to nothing.</summary>
    public static readonly (string Name, string? Value)[] MuchMetadata = [.. Enumerable.Range(0, 50).Select(i => ($"x-{i}", new string('a', 2_000)))];

    private readonly WebApplication app;

    private TestGrpcServer(WebApplication app, ConcurrentQueue<string> errors) => (this.app, Errors) = (app, errors);

    /// <summary>What was logged as an error; a test that expects none says so.</summary>
    public ConcurrentQueue<string> Errors { get; }

    public int Port => new Uri(app.Urls.First()).Port;

    public TransportBudget Budget => app.Services.GetRequiredService<TransportBudget>();

    public BlockPool Pool => app.Services.GetRequiredService<BlockPool>();

    public GrpcHealth Health => app.Services.GetRequiredService<GrpcHealth>();

    public static async Task<TestGrpcServer> StartAsync(
        GrpcTransportOptions? options = null, params (string Method, GrpcHandler Handler)[] more)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        ConcurrentQueue<string> errors = new();
        builder.Logging.AddProvider(new ErrorLog(errors));
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.Services.AddGrpcTransport(options ?? new GrpcTransportOptions());
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listener => listener.UseGrpc()));
        WebApplication app = builder.Build();
        app.MapGrpc(Service, "Echo", EchoAsync);
        app.MapGrpc(Service, "ReadNothing", (_, _, call) => Task.Delay(Timeout.InfiniteTimeSpan, call.Time, call.Aborted));
        foreach ((string method, GrpcHandler handler) in more)
        {
            string[] path = method.StartsWith('/') ? method.Split('/') : ["", Service, method];
            app.MapGrpc(path[1], path[2], handler);
        }

        app.MapGrpcHealth();
        app.MapGrpcUnimplemented();
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
