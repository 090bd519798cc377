namespace Envoy.Runner;

/// <summary>A running <c>extproc serve</c>, started as an operator starts it.</summary>
public sealed class ExtProcServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private readonly ChildProcess child;
    private readonly string? configFile;

    private ExtProcServerProcess(ChildProcess child, int port, int adminPort, string? configFile)
    {
        this.child = child;
        Port = port;
        AdminPort = adminPort;
        this.configFile = configFile;
    }

    /// <summary>Where it listens for Envoy.</summary>
    public int Port { get; }

    /// <summary>Where it answers <c>/live</c> and <c>/ready</c>.</summary>
    public int AdminPort { get; }

    /// <summary>What it wrote; with <c>--log-exchanges</c> a line an exchange.</summary>
    public ProcessLog Log => child.Log;

    /// <summary>The resident size of its process, in bytes.</summary>
    public long ResidentBytes => ProcessMemory.ResidentBytes(child.Id);

    /// <summary>The operating system's number of its process.</summary>
    public int ProcessId => child.Id;

    /// <summary>True when it has ended.</summary>
    public bool HasExited => child.HasExited;

    /// <summary>The exit code; only after it has ended.</summary>
    public int ExitCode => child.ExitCode;

    /// <summary>
    /// Starts the server and waits until it is ready.
    /// </summary>
    /// <param name="config">the text of its <c>extproc.yaml</c>; null starts it with none, as a pass-through</param>
    /// <param name="port">its port; 0 takes a free one</param>
    /// <param name="adminPort">its admin port; 0 takes a free one</param>
    /// <param name="onLine">called with each line that it writes</param>
    /// <param name="through">a program with arguments that becomes it, such as <c>prlimit --nofile=300</c></param>
    /// <param name="drainDelay">how long it takes new exchanges after it was told to end</param>
    /// <param name="cancel">gives up waiting</param>
    public static async Task<ExtProcServerProcess> StartAsync(
        string? config, int port = 0, int adminPort = 0, Action<string>? onLine = null, IReadOnlyList<string>? through = null,
        string drainDelay = "0s", CancellationToken cancel = default)
    {
        string? file = config is null ? null : Path.Combine(Path.GetTempPath(), $"extproc-{Guid.NewGuid():N}.yaml");
        if (file is not null)
        {
            await File.WriteAllTextAsync(file, config, cancel);
        }

        port = port == 0 ? FreePort.Next() : port;
        adminPort = adminPort == 0 ? FreePort.Next() : adminPort;
        string[] command =
        [
            .. through ?? [], FindProgram(), "serve", .. file is null ? Array.Empty<string>() : ["--config", file],
            "--listen", $"127.0.0.1:{port}", "--admin", $"127.0.0.1:{adminPort}", "--log-exchanges",
        ];
        var variables = new Dictionary<string, string> { ["EXTPROC_DRAIN_DELAY"] = drainDelay };
        var server = new ExtProcServerProcess(ChildProcess.Start("extproc", command[0], command[1..], onLine, variables), port, adminPort, file);
        try
        {
            await server.WaitUntilReadyAsync(cancel);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks it to end as Kubernetes does (SIGTERM) and waits; false when it did not end in time.</summary>
    public async Task<bool> StopAsync(TimeSpan timeout)
    {
        child.Terminate();
        return await child.WaitForExitAsync(timeout);
    }

    /// <summary>Sends SIGTERM and does not wait.</summary>
    public void Terminate() => child.Terminate();

    /// <summary>Ends it in the middle of whatever it does (SIGKILL) and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        child.Kill();
        await child.WaitForExitAsync(TimeSpan.FromSeconds(10));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await child.DisposeAsync();
        if (configFile is not null)
        {
            File.Delete(configFile);
        }
    }

    /// <summary>EXTPROC_SERVER, else the build beside the running program, else what <c>make publish</c> made.</summary>
    private static string FindProgram()
    {
        string ending = OperatingSystem.IsWindows() ? ".exe" : "";
        string?[] places =
        [
            Environment.GetEnvironmentVariable("EXTPROC_SERVER"),
            Path.Combine(AppContext.BaseDirectory, "ExtProc.Server" + ending),
            Checkout.Root is { } root ? Path.Combine(root, "artifacts", "publish", "extproc", "extproc" + ending) : null,
        ];
        return places.FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"no extproc program at {string.Join(" or ", places.Where(place => place is not null))}; build the solution first");
    }

    private async Task WaitUntilReadyAsync(CancellationToken cancel)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{AdminPort}") };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(StartTimeout);
        try
        {
            while (!await IsReadyAsync(client, deadline.Token))
            {
                child.ThrowIfExited();
                await Task.Delay(PollInterval, TimeProvider.System, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new InvalidOperationException($"extproc was not ready after {StartTimeout.TotalSeconds} s; it said:\n{Log.Tail(40)}");
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancel)
    {
        try
        {
            using var answer = await client.GetAsync("/ready", cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
