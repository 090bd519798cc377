using System.Runtime.InteropServices;

namespace ExtProc.Hosting;

/// <summary>
/// Ctrl-C, as a person presses it who sits before the terminal and does not wait: the first one leaves <c>drain.delay</c> out, or ends it,
/// the second one ends what is in flight. That the first one stops the host is its lifetime's business.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource _first = new(), _second = new();
    private readonly PosixSignalRegistration _registration;

    public Interrupts() => _registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => Take());

    /// <summary>No waiting for others to learn that the server ends.</summary>
    public CancellationToken NoDelay => _first.Token;

    /// <summary>No waiting at all.</summary>
    public CancellationToken AtOnce => _second.Token;

    /// <summary>One came.</summary>
    public void Take() => (_first.IsCancellationRequested ? _second : _first).Cancel();

    public void Dispose() => _registration.Dispose();
}
