namespace PolicyValidator.Tests.Robustness;

/// <summary>Holds the time of some work against its size: four times as much may take eight times as long, and not sixteen times.</summary>
internal static class WorkBound
{
    private const int Factor = 4, MostTimes = 8, Attempts = 3, Least = 10;

    /// <summary>What is large enough to be measured; of heavier work a smaller size is.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromMilliseconds(120);

    /// <summary>What the collector of garbage and a busy machine may add.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(250);

    /// <summary>Null where the time grows with the size; else what it took.</summary>
    /// <param name="size">The smaller size.</param>
    /// <param name="work">Makes the work of a size: only running it is measured.</param>
    public static string? Excess(int size, Func<int, Action> work)
    {
        Action small = work(size);
        small();
        while (size > Least * Factor && ThreadTime.Of(small) > Enough)
        {
            small = work(size /= Factor);
        }

        Action large = work(Factor * size);
        (TimeSpan one, TimeSpan four) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (int attempt = 0; attempt < Attempts && (attempt == 0 || four > (MostTimes * one) + Slack); attempt++)
        {
            (one, four) = (Less(one, ThreadTime.Of(small)), Less(four, ThreadTime.Of(large)));
        }

        return four <= (MostTimes * one) + Slack ? null : $"{one.TotalMilliseconds:0} ms for {size}, {four.TotalMilliseconds:0} ms for {Factor * size}";
    }

    private static TimeSpan Less(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
