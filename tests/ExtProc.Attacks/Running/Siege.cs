using System.Diagnostics;
using Envoy.Runner;

namespace ExtProc.Attacks.Running;

/// <summary>
/// A server under attack: the real program as a process with a budget of 128 MiB, and beside the attacks a client that behaves
/// and a kubelet that probes. Their errors are the verdict, not their latency.
/// </summary>
internal sealed class Siege : IAsyncDisposable
{
    private static readonly TimeSpan ExchangePause = TimeSpan.FromMilliseconds(5), UploadPause = TimeSpan.FromMilliseconds(30), ProbePause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5), RecoveryTimeout = TimeSpan.FromSeconds(60), EndTimeout = TimeSpan.FromSeconds(30);

    private readonly ExtProcServerProcess _server;
    private readonly SteadyCaller _small, _large;
    private readonly Repeated _exchanges, _uploads, _probes;

    private Siege(ExtProcServerProcess server)
    {
        _server = server;
        (_small, _large) = (new(server.Port), new(server.Port));
        _exchanges = new(ExchangePause, _small.SmallExchangeAsync);
        _uploads = new(UploadPause, _large.UploadAsync);
        _probes = new(ProbePause, ProbeAsync);
    }

    /// <summary>What the process may have at its largest while it is attacked.</summary>
    public const long PeakLimitBytes = 256 << 20;

    /// <summary>What it may have when nothing happens any more.</summary>
    public const long IdleLimitBytes = 160 << 20;

    /// <summary>True when the server has ended.</summary>
    public bool IsOver => _server.HasExited;

    /// <summary>Starts the server, and its clients once it is ready.</summary>
    /// <param name="config">Lines of its configuration besides the budget.</param>
    public static async Task<Siege> StartAsync(string config) => new(await ExtProcServerProcess.StartAsync(Configs.Budget + config));

    /// <summary>Lets an attack run, and says what it did to the server and to the others.</summary>
    public async Task<Outcome> WithstandAsync(Attack attack, bool isLong)
    {
        await SettleAsync();
        ProcessMemory.ResetPeak(_server.ProcessId);
        long before = _server.ResidentBytes, started = Stopwatch.GetTimestamp();
        int exchanges = Exchanges, probes = _probes.Done;
        using CancellationTokenSource over = new(TimeSpan.FromSeconds(isLong ? 30 : 3));
        long sent;
        await using (Target target = new(_server.Port, _server.AdminPort, isLong, over.Token))
        {
            await RunAsync(attack, target);
            sent = target.SentBytes;
        }

        await SettleAsync();
        return new Outcome(attack.ToString())
        {
            Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
            SentBytes = sent,
            Exchanges = Exchanges - exchanges,
            Probes = _probes.Done - probes,
            Losses = [.. _exchanges.TakeFailures(), .. _uploads.TakeFailures().Select(loss => "upload: " + loss), .. _probes.TakeFailures().Select(loss => "probe: " + loss)],
            BeforeBytes = before,
            PeakBytes = _server.HasExited ? 0 : ProcessMemory.PeakBytes(_server.ProcessId),
            ServerSaid = _server.HasExited ? $"it ended with exit code {_server.ExitCode}:\n{_server.Log.Tail(20)}" : null,
        };
    }

    /// <summary>Waits until the server has given memory back; the resident bytes then, or when the time was up.</summary>
    public async Task<long> RecoverAsync()
    {
        await StopClientsAsync();
        long started = Stopwatch.GetTimestamp();
        while (_server.ResidentBytes > IdleLimitBytes && Stopwatch.GetElapsedTime(started) < RecoveryTimeout)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }

        return _server.ResidentBytes;
    }

    /// <summary>Asks the server to end (SIGTERM), and says whether it did so in order.</summary>
    public async Task<bool> EndAsync()
    {
        await StopClientsAsync();
        return await _server.StopAsync(EndTimeout) && _server.ExitCode == 0;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopClientsAsync();
        await _server.DisposeAsync();
    }

    private int Exchanges => _exchanges.Done + _uploads.Done;

    private static async Task RunAsync(Attack attack, Target target)
    {
        try
        {
            await attack.RunAsync(target);
        }
        catch (OperationCanceledException) when (target.Over.IsCancellationRequested)
        {
            // Its time is up.
        }
    }

    /// <summary>Until each client has done one whole exchange from now on, so that what an attack breaks is counted against it.</summary>
    private async Task SettleAsync()
    {
        int exchanges = _exchanges.Done + 2, uploads = _uploads.Done + 2, probes = _probes.Done + 1;
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(60));
        while (!_server.HasExited && !late.IsCancellationRequested && (_exchanges.Done < exchanges || _uploads.Done < uploads || _probes.Done < probes))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }
    }

    /// <summary>As a kubelet asks: a connection for each probe.</summary>
    private async Task ProbeAsync()
    {
        using SocketsHttpHandler handler = new() { PooledConnectionLifetime = TimeSpan.Zero };
        using HttpClient client = new(handler) { Timeout = ProbeTimeout };
        using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://127.0.0.1:{_server.AdminPort}/live"));
        answer.EnsureSuccessStatusCode();
    }

    private async Task StopClientsAsync()
    {
        await Task.WhenAll(_exchanges.DisposeAsync().AsTask(), _uploads.DisposeAsync().AsTask(), _probes.DisposeAsync().AsTask());
        await _small.DisposeAsync();
        await _large.DisposeAsync();
    }
}
