using System.Runtime.InteropServices;
using Envoy.Runner;
using Envoy.Runner.Search;
using ExtProc.Demo.DataPlanes;

namespace ExtProc.Demo;

/// <summary>Starts the server, then Envoy with the upstream, or the front in place of both, and ends them in the other order.</summary>
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
            return await RunAsync(options, await ChooseAsync(options));
        }
        catch (EnvoyMissingException e)
        {
            Console.Error.WriteLine(e.Message);
            return ExitCode.CannotRun;
        }
    }

    /// <summary>The Envoy to start; null for the front.</summary>
    private static async Task<EnvoyBinary?> ChooseAsync(DemoOptions options)
    {
        if (options.EnvoyPath is { } path)
        {
            return EnvoyBinary.At(path);
        }

        EnvoyBinary? found = options.Front ? null : await new EnvoySearch(Console.Out).FindAnyAsync();
        if (found is null)
        {
            Console.WriteLine($"not Envoy but the library's own front takes the requests; for the real one, {EnvoyMissingException.HowToGetOne}");
        }

        return found;
    }

    private static async Task<int> RunAsync(DemoOptions options, EnvoyBinary? binary)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));

        string planes = binary is null ? $"the front with the upstream behind it on {options.EnvoyPort}" : $"the upstream on {options.UpstreamPort}, Envoy {binary.Version} on {options.EnvoyPort}";
        Console.WriteLine($"starting extproc on port {options.ServerPort}, {planes} ...");
        await using var server = await ExtProcServerProcess.StartAsync(
            ServerConfig, options.ServerPort, options.AdminPort, line => Console.WriteLine($"extproc | {line}"), cancel: stop.Token);
        await using IDataPlane plane = binary is null
            ? await FrontDataPlane.StartAsync(options, stop.Token)
            : await EnvoyDataPlane.StartAsync(binary, options, stop.Token);

        int code = options.Once ? await CheckAllAsync(options, stop.Token) : await ShowAsync(options, plane, stop.Token);
        await server.StopAsync(DrainTimeout);
        return code;
    }

    private static async Task<int> ShowAsync(DemoOptions options, IDataPlane plane, CancellationToken stop)
    {
        Console.WriteLine($"\nEverything runs, {plane.Name} takes requests. Try in another terminal:\n");
        foreach (var request in DemoRequest.All)
        {
            Console.WriteLine($"  {request.CommandFor(options.EnvoyPort)}\n      {request.Promise}\n");
        }

        Console.WriteLine("What extproc says of each exchange follows. Ctrl-C ends everything.\n");
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
