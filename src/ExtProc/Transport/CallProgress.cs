namespace ExtProc.Transport;

/// <summary>
/// How long a call has made no progress, as sampled by whoever checks from time to time. Costs the call nothing but a count of what it does.
/// </summary>
internal struct CallProgress
{
    private long seenCount;
    private long seenAt;

    /// <summary>How long the count has not changed; zero at the first sample. One caller at a time.</summary>
    public TimeSpan IdleSince(long count, TimeProvider time)
    {
        long now = time.GetTimestamp();
        if (seenAt == 0 || count != seenCount)
        {
            (seenCount, seenAt) = (count, now);
        }

        return time.GetElapsedTime(seenAt, now);
    }
}
