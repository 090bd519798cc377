using System.Runtime.InteropServices;

namespace ExtProc.Hosting;

/// <summary>
/// Ctrl-C, from a person at a terminal who does not want to wait: the first one skips or cuts short <c>drain.delay</c>, the second one ends
/// what is in flight. Stopping the host on the first one is up to the host's lifetime.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _first = new(), _second = new();
    private readonly PosixSignalRegistration _registration;

    public Interrupts() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Take());

    /// <summary>Do not wait for others to learn that the server stops.</summary>
    public CancellationToken NoDelay => _first.Token;

    /// <summary>Do not wait at all.</summary>
    public CancellationToken AtOnce => _second.Token;

    /// <summary>One came.</summary>
    public void Take() => (_first.IsCancellationRequested ? _second : _first).Cancel();

    public void Dispose() => _registration.Dispose();
}
