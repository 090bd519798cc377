using System.Globalization;

namespace Envoy.Runner;

/// <summary>How much memory a process has.</summary>
public static class ProcessMemory
{
    /// <summary>The resident size in bytes, as Linux counts it.</summary>
    public static long ResidentBytes(int processId)
    {
        string line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) << 10;
    }
}
