using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using ExtProc.Configuration;
using ExtProc.Hosting;
using ExtProc.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExtProc.Tests.Hosting;

/// <summary>The whole server in this process, with processors that a test can talk to.</summary>
internal sealed class Served(WebApplication app, ConcurrentQueue<string> lines, ConcurrentQueue<string> warnings) : IAsyncDisposable
{
    public int Port => new Uri(app.Urls.First()).Port;

    /// <summary>What was logged, whatever its category.</summary>
    public ConcurrentQueue<string> Lines { get; } = lines;

    /// <summary>Those of them that are warnings or worse.</summary>
    public ConcurrentQueue<string> Warnings { get; } = warnings;

    public IMeterFactory Meters => app.Services.GetRequiredService<IMeterFactory>();

    public PipelinePlan Plan => app.Services.GetRequiredService<PipelinePlan>();

    public string? AdminAddress => app.Services.GetRequiredService<AdminServer>().Address;

    /// <summary>A server that was built and does nothing yet. Ports are chosen by the system.</summary>
    public static Served Build(Func<ExtProcOptions, ExtProcOptions> change, params Processor[] processors) => Build(change, _ => { }, processors);

    /// <summary>The same, with loggers of a test's own.</summary>
    public static Served Build(Func<ExtProcOptions, ExtProcOptions> change, Action<ILoggingBuilder> logging, params Processor[] processors)
    {
        ConcurrentQueue<string> lines = new(), warnings = new();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(new Kept(lines, warnings));
        logging(builder.Logging);
        builder.WebHost.UseKestrelCore().UseExtProcTransport().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, port => port.UseExtProc()));
        builder.Services.AddExtProc().Configure(options => change(options with
        {
            Pipeline = new("served", [.. processors.Select(processor => new PipelineStep(new(processor.GetType().Name.ToLowerInvariant(), processor.GetType(), null, IsShared: false) { Create = () => processor }))]),
            Drain = new() { Delay = TimeSpan.Zero },
        }));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        WebApplication app = builder.Build();
        app.MapExtProc();
        app.MapExtProcFallback();
        return new(app, lines, warnings);
    }

    public static async Task<Served> StartAsync(Func<ExtProcOptions, ExtProcOptions> change, params Processor[] processors)
    {
        Served served = Build(change, processors);
        await served.StartAsync();
        return served;
    }

    /// <summary>Ends when the server is ready.</summary>
    public Task StartAsync() => app.StartAsync();

    public Task StopAsync() => app.StopAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private sealed class Kept(ConcurrentQueue<string> lines, ConcurrentQueue<string> warnings) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lines.Enqueue(formatter(state, exception));
            if (logLevel >= LogLevel.Warning)
            {
                warnings.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
