using System.Runtime.InteropServices;

namespace PolicyValidator.Tests.Robustness;

/// <summary>The processor time of the thread that asks, which other work on the machine does not change as it changes a clock.</summary>
internal static class ThreadTime
{
    private const int ThreadClock = 3; // CLOCK_THREAD_CPUTIME_ID of Linux

    /// <summary>What the thread has used so far.</summary>
    public static TimeSpan Used => Read(ThreadClock, out Time time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / 100)
        : throw new InvalidOperationException("the thread's processor time cannot be read");

    /// <summary>What an action uses.</summary>
    public static TimeSpan Of(Action action)
    {
        TimeSpan before = Used;
        action();
        return Used - before;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Read(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
