using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Envoy.Runner;

namespace ExtProc.Attacks.Running;

/// <summary>
/// A server under attack: the real program as a process with a budget of 128 MiB, and beside the attacks clients that behave and
/// a kubelet that probes. Their errors are the verdict, not their latency.
/// </summary>
internal sealed class Siege : IAsyncDisposable
{
    /// <summary>What the process may have at its largest while it is attacked.</summary>
    public const long PeakLimitBytes = 256 << 20;

    /// <summary>What it may have when nothing happens any more.</summary>
    public const long IdleLimitBytes = 160 << 20;

    private static readonly TimeSpan BriefTime = TimeSpan.FromSeconds(2), BetweenTimeout = TimeSpan.FromSeconds(5), RecoveryTimeout = TimeSpan.FromSeconds(60), EndTimeout = TimeSpan.FromSeconds(30);
    private static readonly string[] FaultMarks = ["the handler failed", " critical ", "Unhandled exception"];

    private readonly Ground _ground;
    private readonly ConcurrentQueue<string> _faults;
    private readonly (string Name, Repeated Work)[] _clients;
    private readonly Repeated _probes;

    private Siege(Ground ground, ConcurrentQueue<string> faults)
    {
        (_ground, _faults) = (ground, faults);
        _clients = [.. ground.Duties.Select(duty => (duty.Name, new Repeated(duty.Pause, duty.OnceAsync)))];
        _probes = new(ground.Probing.Pause, ground.Probing.OnceAsync);
    }

    private ExtProcServerProcess Server => _ground.Server;

    private int Exchanges => _clients.Sum(client => client.Work.Done);

    /// <summary>Starts the server, and its clients once it is ready.</summary>
    /// <param name="config">How it is set up.</param>
    /// <param name="envoy">The version of the Envoy before it, where there is one.</param>
    public static async Task<Siege> StartAsync(Config config, string envoy)
    {
        ConcurrentQueue<string> faults = new();
        string[] through = config.OpenFiles is { } files ? ["prlimit", string.Create(CultureInfo.InvariantCulture, $"--nofile={files}")] : [];
        ExtProcServerProcess server = await ExtProcServerProcess.StartAsync(Configs.Budget + config.Pipeline, onLine: line => KeepFault(faults, line), through: through);
        return new(config.IsBehindEnvoy ? await GroundBehindEnvoy.StartAsync(server, envoy) : new OpenGround(server), faults);
    }

    /// <summary>Lets an attack run, and says what it did to the server and to the others.</summary>
    public async Task<Outcome> WithstandAsync(Attack attack, bool isLong)
    {
        await SettleAsync();
        await UntilAsync(IdleLimitBytes, BetweenTimeout);
        ProcessMemory.ResetPeak(Server.ProcessId);
        long before = Server.ResidentBytes, started = Stopwatch.GetTimestamp();
        (int exchanges, int probes) = (Exchanges, _probes.Done);
        (int connections, long sent) = await RunAsync(attack, isLong);
        await SettleAsync();
        return new Outcome(attack.ToString(), attack.By)
        {
            Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
            Connections = connections,
            SentBytes = sent,
            Exchanges = Exchanges - exchanges,
            Probes = _probes.Done - probes,
            Losses = [.. TakeLosses()],
            Faults = [.. Drain(_faults)],
            BeforeBytes = before,
            PeakBytes = Server.HasExited ? 0 : ProcessMemory.PeakBytes(Server.ProcessId),
            ServerSaid = Server.HasExited ? $"it ended with exit code {Server.ExitCode}:\n{Server.Log.Tail(20)}" : null,
        };
    }

    /// <summary>Asks the server to end (SIGTERM) in the midst of an attack, and says whether it did so in order.</summary>
    public async Task<bool> EndWithinAsync(Attack attack)
    {
        using CancellationTokenSource over = new(attack.Longest);
        await using Target target = new(_ground.Port, Server.AdminPort, isLong: true, over.Token);
        Task attacking = attack.RunAsync(target).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        int exchanges = Exchanges + 5;
        while (Exchanges < exchanges && !attacking.IsCompleted)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }

        bool inOrder = await EndAsync();
        await over.CancelAsync();
        await attacking;
        return inOrder;
    }

    /// <summary>Waits until the server has given memory back; the resident bytes then, or when the time was up.</summary>
    public async Task<long> RecoverAsync()
    {
        await StopClientsAsync();
        await UntilAsync(IdleLimitBytes, RecoveryTimeout);
        return Server.ResidentBytes;
    }

    /// <summary>Asks the server to end (SIGTERM), and says whether it did so in order.</summary>
    public async Task<bool> EndAsync()
    {
        await StopClientsAsync();
        return await Server.StopAsync(EndTimeout) && Server.ExitCode == 0;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopClientsAsync();
        await _ground.DisposeAsync();
    }

    private async Task<(int Connections, long SentBytes)> RunAsync(Attack attack, bool isLong)
    {
        using CancellationTokenSource over = new(isLong ? attack.Longest : BriefTime);
        await using Target target = new(_ground.Port, Server.AdminPort, isLong, over.Token);
        try
        {
            await attack.RunAsync(target);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // Its time is up.
        }

        // What was sent has its effect while the connections stand; and then comes that of their end.
        await SettleAsync();
        return (target.Connections, target.SentBytes);
    }

    /// <summary>Until each client has tried one whole thing from now on, so that what an attack breaks is counted against it.</summary>
    private async Task SettleAsync()
    {
        (Repeated Work, int Tries)[] until = [.. _clients.Select(client => client.Work).Append(_probes).Select(work => (work, work.Hurry()))];
        while (!Server.HasExited && until.Any(client => client.Work.Tries < client.Tries))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Until the process has given memory back, or the time is up.</summary>
    private async Task UntilAsync(long residentBytes, TimeSpan timeout)
    {
        long started = Stopwatch.GetTimestamp();
        while (!Server.HasExited && Server.ResidentBytes > residentBytes && Stopwatch.GetElapsedTime(started) < timeout)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>Lines that tell of a mistake in the server itself, whatever was sent.</summary>
    private static void KeepFault(ConcurrentQueue<string> faults, string line)
    {
        if (FaultMarks.Any(mark => line.Contains(mark, StringComparison.Ordinal)))
        {
            faults.Enqueue(line[..Math.Min(line.Length, 1000)]);
        }
    }

    private IEnumerable<string> TakeLosses() => _clients.Append(("probe", _probes))
        .SelectMany(client => Drain(client.Item2.Failures).Select(loss => $"{client.Item1}: {loss}"));

    private static IEnumerable<string> Drain(ConcurrentQueue<string> queue)
    {
        while (queue.TryDequeue(out string? line))
        {
            yield return line;
        }
    }

    private Task StopClientsAsync() => Task.WhenAll(_clients.Select(client => client.Work).Append(_probes).Select(work => work.DisposeAsync().AsTask()));
}
