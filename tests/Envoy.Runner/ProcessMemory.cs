using System.Globalization;

namespace Envoy.Runner;

/// <summary>How much memory a process has, as Linux counts it: in <c>/proc</c>, which other systems have not.</summary>
public static class ProcessMemory
{
    /// <summary>The resident size in bytes.</summary>
    public static long ResidentBytes(int processId) => StatusBytes(processId, "VmRSS:");

    /// <summary>The largest resident size since the process began, or since <see cref="ResetPeak"/>; in bytes.</summary>
    public static long PeakBytes(int processId) => StatusBytes(processId, "VmHWM:");

    /// <summary>Lets the largest resident size count from now on (proc(5), <c>clear_refs</c>).</summary>
    public static void ResetPeak(int processId) => File.WriteAllText($"/proc/{processId}/clear_refs", "5");

    private static long StatusBytes(int processId, string name)
    {
        string line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) << 10;
    }
}
