namespace Envoy.Runner;

/// <summary>
/// A running Envoy. Every port is on loopback and, unless the configuration names it, chosen by the kernel, so that any number
/// can run side by side.
/// </summary>
public sealed class EnvoyProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan QuitTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private readonly ChildProcess child;
    private readonly DirectoryInfo folder;
    private IReadOnlyDictionary<string, int> ports = new Dictionary<string, int>();
    private EnvoyAdmin? admin;

    private EnvoyProcess(EnvoyBinary binary, ChildProcess child, DirectoryInfo folder)
    {
        Binary = binary;
        this.child = child;
        this.folder = folder;
    }

    /// <summary>The program that runs.</summary>
    public EnvoyBinary Binary { get; }

    /// <summary>Its admin port.</summary>
    public EnvoyAdmin Admin => admin ?? throw new InvalidOperationException("Envoy has not said its admin port");

    /// <summary>What it wrote.</summary>
    public ProcessLog Log => child.Log;

    /// <summary>True when it has ended, which it does by itself only when it crashes.</summary>
    public bool HasExited => child.HasExited;

    /// <summary>Starts Envoy and waits until it is live.</summary>
    public static Task<EnvoyProcess> StartAsync(EnvoyBinary binary, EnvoyConfig config, CancellationToken cancel = default) =>
        StartAsync(binary, config.ToJson(), cancel);

    /// <summary>The resident size of its process, in bytes.</summary>
    public long ResidentBytes => ProcessMemory.ResidentBytes(child.Id);

    /// <summary>Starts Envoy with a configuration as JSON or YAML text and waits until it is live.</summary>
    /// <exception cref="InvalidOperationException">it ended, or was not live in time; the message holds what it said</exception>
    public static Task<EnvoyProcess> StartAsync(EnvoyBinary binary, string config, CancellationToken cancel = default) =>
        StartAsync(binary, config, [], cancel);

    /// <summary>Starts Envoy with more arguments than the usual ones.</summary>
    internal static async Task<EnvoyProcess> StartAsync(EnvoyBinary binary, string config, IReadOnlyList<string> more, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("extproc-envoy-");
        string file = Path.Combine(folder.FullName, "envoy.yaml");
        await File.WriteAllTextAsync(file, config, cancel);
        string[] arguments =
        [
            "-c", file, "--concurrency", "1", "--disable-hot-restart", "--file-flush-interval-msec", "50",
            "--admin-address-path", AdminAddressFile(folder),
            "--log-level", Environment.GetEnvironmentVariable("TEST_ENVOY_LOG_LEVEL") ?? "warning",
            .. more,
        ];
        var envoy = new EnvoyProcess(binary, ChildProcess.Start($"Envoy {binary.Version}", binary.Path, arguments), folder);
        try
        {
            await envoy.WaitUntilLiveAsync(cancel);
            return envoy;
        }
        catch
        {
            await envoy.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks Envoy what it thinks of a configuration file, without running it.</summary>
    public static async Task<EnvoyVerdict> ValidateAsync(EnvoyBinary binary, string file, CancellationToken cancel = default)
    {
        string[] arguments = ["--mode", "validate", "-c", file, "--disable-hot-restart", "--log-level", "warning"];
        await using var child = ChildProcess.Start($"Envoy {binary.Version} --mode validate", binary.Path, arguments);
        if (!await child.WaitForExitAsync(StartTimeout))
        {
            throw new TimeoutException($"Envoy {binary.Version} did not judge {file} in {StartTimeout.TotalSeconds} s; it said:\n{child.Log.Tail(40)}");
        }

        cancel.ThrowIfCancellationRequested();
        return new EnvoyVerdict(child.ExitCode == 0, child.Log.Tail(100));
    }

    /// <summary>The port of a listener.</summary>
    public int PortOf(string listener) => ports.TryGetValue(listener, out int port)
        ? port
        : throw new ArgumentException($"Envoy has no listener \"{listener}\"; it has {string.Join(", ", ports.Keys)}");

    /// <summary>What one listener's ext_proc filters counted.</summary>
    public async Task<ExtProcCounters> CountersAsync(string statPrefix, CancellationToken cancel = default) =>
        new(await Admin.StatsAsync($@"^http\.{statPrefix}\.ext_proc\.", cancel));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await QuitAsync();
        await child.DisposeAsync();
        admin?.Dispose();
        folder.Delete(recursive: true);
    }

    private static string AdminAddressFile(DirectoryInfo folder) => Path.Combine(folder.FullName, "admin-address");

    private async Task WaitUntilLiveAsync(CancellationToken cancel)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        deadline.CancelAfter(StartTimeout);
        try
        {
            admin = new EnvoyAdmin(await ReadAdminAddressAsync(deadline.Token));
            while (!await admin.IsLiveAsync(deadline.Token))
            {
                await PauseAsync(deadline.Token);
            }

            ports = await admin.ListenerPortsAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new InvalidOperationException($"Envoy {Binary.Version} was not live after {StartTimeout.TotalSeconds} s; it said:\n{Log.Tail(40)}");
        }
    }

    private async Task<string> ReadAdminAddressAsync(CancellationToken cancel)
    {
        string file = AdminAddressFile(folder);
        while (true)
        {
            if (File.Exists(file) && (await File.ReadAllTextAsync(file, cancel)).Trim() is { Length: > 0 } address)
            {
                return address;
            }

            await PauseAsync(cancel);
        }
    }

    private async Task PauseAsync(CancellationToken cancel)
    {
        child.ThrowIfExited();
        await Task.Delay(PollInterval, TimeProvider.System, cancel);
    }

    private async Task QuitAsync()
    {
        if (admin is null || child.HasExited)
        {
            return;
        }

        try
        {
            using var deadline = new CancellationTokenSource(QuitTimeout);
            await admin.PostAsync("/quitquitquit", deadline.Token);
            await child.WaitForExitAsync(QuitTimeout);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // It does not answer; the caller ends it.
        }
    }
}
