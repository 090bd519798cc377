using System.Runtime.InteropServices;
using ExtProc.Telemetry;
using Microsoft.Extensions.Logging;

namespace ExtProc.Hosting;

/// <summary>
/// The signals that would end the process on the spot, with everything in flight, and that are sent to daemons for other reasons: by
/// log rotation, by scripts written for another server, by hand. Each is told in a line. What means "end" ends in order.
/// </summary>
internal sealed class OtherSignals : IDisposable
{
    // Linux's numbers; .NET takes them as they are and names only some.
    private static readonly (string Name, int Number)[] Ignored =
    [
        ("SIGHUP", 1), ("SIGUSR1", 10), ("SIGUSR2", 12), ("SIGALRM", 14), ("SIGXFSZ", 25), ("SIGVTALRM", 26), ("SIGPROF", 27), ("SIGIO", 29),
    ];

    // The limit of CPU time that the process was given, and the end of power.
    private static readonly (string Name, int Number)[] Ending = [("SIGXCPU", 24), ("SIGPWR", 30)];

    private readonly ILogger _log;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private volatile Action? _stop;

    /// <summary>Takes them from now on.</summary>
    public OtherSignals(ILogger log)
    {
        _log = log;
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        foreach ((string name, int number) in Ignored)
        {
            Take(number, () => _log.SignalIgnored(name));
        }

        foreach ((string name, int number) in Ending)
        {
            Take(number, () => End(name));
        }
    }

    /// <summary>Says how the server is told to end, once there is one.</summary>
    public void StopWith(Action stop) => _stop = stop;

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void Take(int number, Action act) => _registrations.Add(PosixSignalRegistration.Create((PosixSignal)number, signal =>
    {
        signal.Cancel = true;
        act();
    }));

    private void End(string name)
    {
        _log.SignalEnds(name);
        _stop?.Invoke();
    }
}
