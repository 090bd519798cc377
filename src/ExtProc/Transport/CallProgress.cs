namespace ExtProc.Transport;

/// <summary>
/// Since when a call has done nothing, as far as one sees who looks now and then. Costs the call nothing: it only counts what it does.
/// </summary>
internal struct CallProgress
{
    private long seenCount;
    private long seenAt;

    /// <summary>How long the count has been what it is; zero when it is looked at for the first time. One caller at a time.</summary>
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
