using System.Globalization;
using System.Text.RegularExpressions;

namespace ExtProc.Configuration.Binding;

/// <summary>Numbers with units: durations and sizes, to and from text.</summary>
internal static partial class Quantity
{
    private static readonly (string Unit, long Ticks)[] TimeUnits =
    [
        ("h", TimeSpan.TicksPerHour), ("m", TimeSpan.TicksPerMinute), ("s", TimeSpan.TicksPerSecond), ("ms", TimeSpan.TicksPerMillisecond),
    ];

    private static readonly (string Unit, long Bytes)[] SizeUnits =
    [
        ("TiB", 1L << 40), ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1),
    ];

    /// <summary>Reads <c>200ms</c>, <c>0.2s</c>, <c>10s</c>, <c>1m</c>, <c>1h</c>, and <c>0</c>.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static TimeSpan ParseDuration(string text)
    {
        if (text == "0")
        {
            return TimeSpan.Zero;
        }

        Match parts = Pattern().Match(text);
        long unit = TimeUnits.FirstOrDefault(known => known.Unit == parts.Groups["unit"].Value).Ticks;
        decimal ticks = parts.Success && unit > 0 ? decimal.Parse(parts.Groups["number"].Value, CultureInfo.InvariantCulture) * unit : -1;
        return ticks is >= 0 and <= long.MaxValue
            ? TimeSpan.FromTicks((long)ticks)
            : throw new FormatException($"\"{Reading.ConfigScalar.Shorten(text)}\" is no duration; write a number and a unit (ms, s, m, h), such as 200ms, 10s or 1m");
    }

    /// <summary>Reads <c>64KiB</c>, <c>17MiB</c>, <c>1.5GiB</c>, and bare numbers of bytes.</summary>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static long ParseSize(string text)
    {
        Match parts = Pattern().Match(text);
        string unit = parts.Groups["unit"].Value;
        long factor = unit.Length == 0 ? 1 : SizeUnits.FirstOrDefault(known => known.Unit.Equals(unit, StringComparison.OrdinalIgnoreCase)).Bytes;
        decimal bytes = parts.Success && factor > 0 ? decimal.Parse(parts.Groups["number"].Value, CultureInfo.InvariantCulture) * factor : -1;
        return bytes is >= 0 and <= long.MaxValue && bytes == decimal.Truncate(bytes)
            ? (long)bytes
            : throw new FormatException($"\"{Reading.ConfigScalar.Shorten(text)}\" is no size; write a number of bytes, or a number and a unit (B, KiB, MiB, GiB, TiB), such as 64KiB");
    }

    /// <summary>In the largest unit that leaves a whole number.</summary>
    public static string Format(TimeSpan duration)
    {
        var (unit, ticks) = TimeUnits.FirstOrDefault(known => duration.Ticks % known.Ticks == 0, TimeUnits[^1]);
        return duration == TimeSpan.Zero ? "0s" : string.Create(CultureInfo.InvariantCulture, $"{(decimal)duration.Ticks / ticks:0.####}{unit}");
    }

    /// <summary>In the largest unit that leaves a whole number.</summary>
    public static string FormatSize(long bytes)
    {
        var (unit, factor) = SizeUnits.First(known => bytes % known.Bytes == 0);
        return bytes == 0 ? "0" : $"{bytes / factor}{unit}";
    }

    // Twelve digits on each side: enough for a tebibyte, and no number that decimal cannot hold.
    [GeneratedRegex(@"^(?<number>[0-9]{1,14}(\.[0-9]{1,9})?)\s?(?<unit>[A-Za-z]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
