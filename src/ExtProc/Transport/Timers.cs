namespace ExtProc.Transport;

/// <summary>The limits of .NET's timers.</summary>
internal static class Timers
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 2);

    /// <summary>A due time that a timer accepts: 49 days are as good as more.</summary>
    public static TimeSpan AtMost(TimeSpan wanted) => wanted < Longest ? wanted : Longest;
}
