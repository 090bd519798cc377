using System.Runtime.InteropServices;
using Envoy.Runner;

namespace ExtProc.Demo;

/// <summary>Starts the upstream, the server and Envoy, in this order, and ends them in the other.</summary>
internal static class DemoRun
{
    private const string ServerConfig = """
        # What the demo's server does to every exchange.
        pipeline:
          - name: headers
            request: { set: { x-demo: "yes" } }
            response: { set: { x-demo: "yes" } }
          - name: replace
            text: secret
            by: "[redacted]"

        """;

    private static readonly TimeSpan OnceTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync(DemoOptions options)
    {
        if (FindBusyPort(options) is { } busy)
        {
            Console.Error.WriteLine(busy);
            return ExitCode.CannotRun;
        }

        try
        {
            return await RunAsync(options, EnvoyBinary.FindNewest());
        }
        catch (EnvoyMissingException e)
        {
            Console.Error.WriteLine(e.Message);
            return ExitCode.CannotRun;
        }
    }

    private static async Task<int> RunAsync(DemoOptions options, EnvoyBinary binary)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));

        Console.WriteLine($"starting the upstream on port {options.UpstreamPort}, extproc on {options.ServerPort}, Envoy {binary.Version} on {options.EnvoyPort} ...");
        await using var upstream = await DemoUpstream.StartAsync(options.UpstreamPort);
        await using var server = await ExtProcServerProcess.StartAsync(
            ServerConfig, options.ServerPort, options.AdminPort, line => Console.WriteLine($"extproc | {line}"), cancel: stop.Token);
        await using var envoy = await EnvoyProcess.StartAsync(binary, ConfigOf(options), stop.Token);

        int code = options.Once ? await CheckAllAsync(options, stop.Token) : await ShowAsync(options, stop.Token);
        await server.StopAsync(DrainTimeout);
        return code;
    }

    private static EnvoyConfig ConfigOf(DemoOptions options) => new()
    {
        Listeners =
        [
            new EnvoyListener("demo")
            {
                Port = options.EnvoyPort,
                Filters = [new ExtProcFilter("extproc", EnvoyProcessingMode.Both(BodyMode.FullDuplexStreamed))],
                Routes = [new EnvoyRoute("*", "upstream")],
            },
        ],
        Clusters =
        [
            new EnvoyCluster("extproc", options.ServerPort, UpstreamProtocol.Http2),
            new EnvoyCluster("upstream", options.UpstreamPort, UpstreamProtocol.Http1),
        ],
    };

    private static async Task<int> ShowAsync(DemoOptions options, CancellationToken stop)
    {
        Console.WriteLine("\nEverything runs. Try in another terminal:\n");
        foreach (var request in DemoRequest.All)
        {
            Console.WriteLine($"  {request.CommandFor(options.EnvoyPort)}\n      {request.Promise}\n");
        }

        Console.WriteLine("What extproc says of each exchange follows. Ctrl-C ends all three.\n");
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("stopping ...");
        }

        return ExitCode.Ok;
    }

    private static async Task<int> CheckAllAsync(DemoOptions options, CancellationToken stop)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{options.EnvoyPort}"), Timeout = OnceTimeout };
        int code = ExitCode.Ok;
        foreach (var request in DemoRequest.All)
        {
            string? wrong = await request.CheckAsync(client, stop);
            Console.WriteLine($"{(wrong is null ? "ok   " : "WRONG")} {request.CommandFor(options.EnvoyPort)}{(wrong is null ? "" : $"\n      {wrong}")}");
            code = wrong is null ? code : ExitCode.WrongAnswer;
        }

        return code;
    }

    private static string? FindBusyPort(DemoOptions options)
    {
        var busy = options.Ports.FirstOrDefault(entry => !FreePort.IsFree(entry.Port));
        return busy.Port == 0
            ? null
            : $"port {busy.Port} is in use, {busy.Use} needs it; end what listens there or choose another with {busy.Option}";
    }

    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = true; // we end ourselves, after the others
        stop.Cancel();
    }
}
