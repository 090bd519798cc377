namespace ExtProc.Transport.Connections;

/// <summary>How many files the system lets this process have open at once; every connection is one.</summary>
internal static class OpenFiles
{
    /// <summary>What a process needs beside connections for exchanges: libraries, logs and the runtime's own (some 240), probes, files that handlers open.</summary>
    public const int KeptFree = 512;

    /// <summary>With fewer than this the process cannot even begin for sure: the runtime ends it when it gets no file.</summary>
    public const int Fewest = 300;

    // What the process has open without any connection; and of the rest, where the limit is small, the part for connections of either kind.
    private const int Own = 240, SmallPart = 4;

    private const string LimitsFile = "/proc/self/limits", Line = "Max open files";

    /// <summary>The limit that is in force (RLIMIT_NOFILE; the runtime raises it to the hard one); null where the system does not say.</summary>
    public static long? Limit()
    {
        try
        {
            return LimitIn(File.ReadAllLines(LimitsFile));
        }
        catch (Exception unknown) when (unknown is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>How many connections for exchanges a limit leaves room for.</summary>
    public static int RoomForConnections(long? limit) =>
        limit is { } files ? (int)Math.Clamp(Math.Max(files - KeptFree, Part(files)), 1, int.MaxValue) : int.MaxValue;

    /// <summary>The same for probes, of which there are few.</summary>
    public static int RoomForProbes(long? limit) => Math.Min(KeptFree / 2, limit is { } files ? (int)Math.Clamp(Part(files), 1, int.MaxValue) : int.MaxValue);

    /// <summary>Reads the lines of <c>/proc/self/limits</c>; null for "unlimited" and for what has no such line.</summary>
    internal static long? LimitIn(IEnumerable<string> lines) =>
        lines.FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal)) is { } found
        && long.TryParse(found[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], System.Globalization.CultureInfo.InvariantCulture, out long limit) ? limit : null;

    private static long Part(long files) => (files - Own) / SmallPart;
}
