using System.Collections.Concurrent;
using Envoy.Service.ExtProc.V3;
using ExtProc.Configuration;
using ExtProc.Hosting;
using ExtProc.Tests.Pipeline;
using ExtProc.Tests.Transport;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ExtProc.Tests.Hosting;

/// <summary>Processors whose code does not come back must not keep a server from ending, nor others from being served.</summary>
public sealed class EndlessHandlerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_handler_that_keeps_its_thread_is_told_of_once_and_does_not_keep_the_server_from_ending()
    {
        using ManualResetEventSlim never = new();
        await using Served served = await Served.StartAsync(new Scripted
        {
            RequestHeaders = (_, _) =>
            {
                never.Wait(Patience, CancellationToken.None);
                return Verdict.Continue;
            },
        });
        await using var client = await RawHttp2Client.ConnectAsync(served.Port);
        RawStream exchange = await BeginAsync(client);
        Assert.NotNull((await exchange.EndAsync()).ResetCode);

        await served.StopAsync().WaitAsync(Patience);

        Assert.Single(served.Lines, line => line.Contains("a handler has kept its thread", StringComparison.Ordinal));
        Assert.Single(served.Lines, line => line.Contains("1 exchanges do not end although they were told to", StringComparison.Ordinal));
        never.Set();
    }

    [Fact]
    public async Task A_completion_hook_that_does_not_end_is_left_behind()
    {
        await using Served served = await Served.StartAsync(new EndlessHook());
        await using var client = await RawHttp2Client.ConnectAsync(served.Port);
        RawStream exchange = await BeginAsync(client);
        await exchange.ReceivedAsync(1);
        await exchange.SendAsync([], endStream: true);

        Assert.Equal(0, (await exchange.EndAsync()).GrpcStatus);
        Assert.Single(served.Lines, line => line.Contains("completion hook of processor endless failed", StringComparison.Ordinal));
    }

    private static async Task<RawStream> BeginAsync(RawHttp2Client client)
    {
        RawStream exchange = await client.CallAsync("/envoy.service.ext_proc.v3.ExternalProcessor/Process");
        await exchange.SendAsync(RawHttp2Client.Message(new ProcessingRequest { RequestHeaders = new() { Headers = new(), EndOfStream = true }, ProtocolConfig = new() }.ToByteArray()));
        return exchange;
    }

    private sealed class EndlessHook : Processor
    {
        public override ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation) => Verdict.Continue;

        public override ValueTask OnCompletedAsync(Exchange exchange, Completion completion, CancellationToken cancellation) => new(new TaskCompletionSource().Task);
    }

    /// <summary>The whole server in this process, with one processor.</summary>
    private sealed class Served(WebApplication app, ConcurrentQueue<string> lines) : IAsyncDisposable
    {
        public int Port => new Uri(app.Urls.First()).Port;

        public ConcurrentQueue<string> Lines { get; } = lines;

        public static async Task<Served> StartAsync(Processor processor)
        {
            ConcurrentQueue<string> lines = new();
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.Logging.AddProvider(new Kept(lines));
            builder.WebHost.UseKestrelCore();
            builder.Services.AddExtProc().Configure(options => options with
            {
                Pipeline = new("endless", [new(new("endless", processor.GetType(), null, IsShared: false) { Create = () => processor })]),
                Listeners = [new() { Address = ListenAddress.Loopback(0) }],
                Admin = new() { Address = ListenAddress.Off },
                Limits = new() { HandlerTimeout = TimeSpan.FromMilliseconds(100), CloseTimeout = TimeSpan.FromMilliseconds(100) },
                Drain = new() { Timeout = TimeSpan.FromMilliseconds(100) },
            });
            builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
            WebApplication app = builder.Build();
            app.MapExtProc();
            await app.StartAsync();
            return new(app, lines);
        }

        public Task StopAsync() => app.StopAsync();

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }

    private sealed class Kept(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
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
}
