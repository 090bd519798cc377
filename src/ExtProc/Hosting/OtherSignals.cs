using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using ExtProc.Telemetry;
using Microsoft.Extensions.Logging;

namespace ExtProc.Hosting;

/// <summary>
/// The signals that would end the process on the spot, with everything in flight, and that are sent to daemons for other reasons: by
/// log rotation, by scripts written for another server, by hand. Each is logged in one line. Those that mean "end" end the process in order.
/// </summary>
internal sealed class OtherSignals : IDisposable
{
    // Linux's numbers; .NET takes them as they are and names only some.
    private static readonly (string Name, int Number)[] Ignored =
    [
        ("SIGHUP", 1), ("SIGUSR1", 10), ("SIGUSR2", 12), ("SIGALRM", 14), ("SIGSTKFLT", 16), ("SIGXFSZ", 25), ("SIGVTALRM", 26), ("SIGPROF", 27), ("SIGIO", 29),
    ];

    // They stop the process. A person before its terminal wants that; elsewhere other servers have them mean "one worker more".
    private static readonly (string Name, int Number)[] Terminals = [("SIGTSTP", 20), ("SIGTTIN", 21), ("SIGTTOU", 22)];

    // The limit of CPU time that the process was given, and the end of power.
    private static readonly (string Name, int Number)[] Ending = [("SIGXCPU", 24), ("SIGPWR", 30)];

    // C libraries keep the first ones to themselves, and the runtime one of the next.
    private const int FirstRealTime = 34, LastRealTime = 64;

    private readonly ILogger _log;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Takes them from now on.</summary>
    public OtherSignals(ILogger log)
    {
        _log = log;
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        foreach ((string name, int number) in Ignored.Concat(RealTime()).Concat(HasTerminal() ? [] : Terminals))
        {
            Take(number, () => _log.SignalIgnored(name));
        }

        foreach ((string name, int number) in Ending)
        {
            Take(number, () => End(name));
        }
    }

    /// <summary>Sets how to stop the server, once there is one; a signal that came before is not lost.</summary>
    public void StopWith(Action stop) => _ended.Task.ContinueWith(_ => stop(), TaskScheduler.Default);

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());

    private void Take(int number, Action act) => _registrations.Add(PosixSignalRegistration.Create((PosixSignal)number, signal =>
    {
        signal.Cancel = true;
        act();
    }));

    private void End(string name)
    {
        _log.SignalEnds(name);
        _ended.TrySetResult();
    }

    /// <summary>Those that have no handler in this process yet.</summary>
    [SupportedOSPlatform("linux")]
    private static IEnumerable<(string Name, int Number)> RealTime()
    {
        ulong taken = Taken();
        return Enumerable.Range(FirstRealTime, LastRealTime - FirstRealTime + 1)
            .Where(number => (taken >> (number - 1) & 1) == 0)
            .Select(number => ($"SIGRTMIN+{number - FirstRealTime}", number));
    }

    /// <summary>A bit for each signal that has a handler; all of them where the system does not say.</summary>
    [SupportedOSPlatform("linux")]
    private static ulong Taken()
    {
        const string Mask = "SigCgt:";
        try
        {
            string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Mask, StringComparison.Ordinal));
            return ulong.Parse(line.AsSpan(Mask.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException or InvalidOperationException or FormatException)
        {
            return ulong.MaxValue;
        }
    }

    [SupportedOSPlatform("linux")]
    private static bool HasTerminal()
    {
        try
        {
            File.OpenHandle("/dev/tty").Dispose();
            return true;
        }
        catch (Exception none) when (none is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
