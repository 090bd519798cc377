using Envoy.Runner;

namespace ExtProc.Attacks.Running;

/// <summary>Something that a well-behaved client does again and again.</summary>
/// <param name="Name">what a loss is told under</param>
/// <param name="Pause">the time in between</param>
/// <param name="OnceAsync">does it; fails by throwing</param>
internal sealed record Duty(string Name, TimeSpan Pause, Func<Task> OnceAsync);

/// <summary>Where an attack takes place: what it can reach, and who else is there.</summary>
internal abstract class Ground(ExtProcServerProcess server) : IAsyncDisposable
{
    private static readonly TimeSpan ProbePause = TimeSpan.FromMilliseconds(100), ProbeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The server that is to withstand.</summary>
    public ExtProcServerProcess Server => server;

    /// <summary>The port that attackers reach.</summary>
    public abstract int Port { get; }

    /// <summary>What well-behaved clients do.</summary>
    public abstract IReadOnlyList<Duty> Duties { get; }

    /// <summary>What a kubelet does: a connection for each probe.</summary>
    public Duty Probing => new("probe", ProbePause, ProbeAsync);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task ProbeAsync()
    {
        using SocketsHttpHandler handler = new() { PooledConnectionLifetime = TimeSpan.Zero };
        using HttpClient client = new(handler) { Timeout = ProbeTimeout };
        using HttpResponseMessage answer = await client.GetAsync(new Uri($"http://127.0.0.1:{server.AdminPort}/live"));
        answer.EnsureSuccessStatusCode();
    }
}
