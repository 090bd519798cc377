using System.Collections.Concurrent;
using System.Net;
using Envoy.Runner;
using ExtProc.Abilities;
using ExtProc.Configuration;
using ExtProc.Hosting;
using ExtProc.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ExtProc.EndToEnd.Authors;

/// <summary>A server in this process, hosted as an author hosts one, that remembers how exchanges ended.</summary>
internal sealed class PipelineHost : IExchangeEnds, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<(Completion Completion, IReadOnlyList<string> Notes)>> ends = new();
    private readonly WebApplication app;

    private PipelineHost(AuthorScene scene)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseExtProcTransport().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, Port, port => port.UseExtProc()));
        builder.Logging.AddProvider(Log);
        builder.Services.AddSingleton<IExchangeEnds>(this);
        builder.Services.AddExtProc().Configure(options => options with
        {
            Pipeline = scene.Pipeline,
            Envoy = scene.IsDeclared ? scene.Envoy : EnvoyDeclaration.Unknown,
            Limits = scene.Limits(options.Limits),
            LogExchanges = true,
            Rehearsal = new() { Timeout = TimeSpan.Zero }, // a lab has a hundred hosts in this one process, which is warm
        });
        app = builder.Build();
        app.MapExtProc();
    }

    public int Port { get; } = FreePort.Next();

    public LogLines Log { get; } = new();

    /// <summary>Memory of everything that waits in the server.</summary>
    public long WaitingBytes => app.Services.GetRequiredService<TransportBudget>().UsedBytes;

    public static async Task<PipelineHost> StartAsync(AuthorScene scene)
    {
        var host = new PipelineHost(scene);
        await host.app.StartAsync();
        return host;
    }

    /// <summary>How the exchange of a test ended, once it has.</summary>
    public Task<(Completion Completion, IReadOnlyList<string> Notes)> EndOfAsync(string testId, CancellationToken cancel) => EndOf(testId).Task.WaitAsync(cancel);

    public void Ended(Exchange exchange, Completion completion) => EndOf(exchange.RequestHeaders["x-test-id"] ?? "").TrySetResult((completion, [.. exchange.Notes]));

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private TaskCompletionSource<(Completion, IReadOnlyList<string>)> EndOf(string testId) =>
        ends.GetOrAdd(testId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}

/// <summary>The lines that a host logged.</summary>
internal sealed class LogLines : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> lines = new();

    public IReadOnlyCollection<string> All => lines;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        lines.Enqueue(formatter(state, exception));

    public void Dispose()
    {
    }
}
