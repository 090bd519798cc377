using System.Globalization;

namespace ExtProc.Transport;

/// <summary>Reads the header <c>grpc-timeout</c>: at most eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const int MaxDigits = 8;

    /// <summary>The time that the peer still waits, rounded up to .NET's 100 ns; false when the text is no such value.</summary>
    public static bool TryParse(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > MaxDigits + 1
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long count)
            || TicksOf(count, text[^1]) is not { } ticks)
        {
            return false;
        }

        timeout = TimeSpan.FromTicks(ticks);
        return true;
    }

    private static long? TicksOf(long count, char unit) => unit switch
    {
        'n' => (count + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick,
        'u' => count * TimeSpan.TicksPerMicrosecond,
        'm' => count * TimeSpan.TicksPerMillisecond,
        'S' => count * TimeSpan.TicksPerSecond,
        'M' => count * TimeSpan.TicksPerMinute,
        'H' => count * TimeSpan.TicksPerHour,
        _ => null,
    };
}
