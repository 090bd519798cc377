namespace ExtProc.Transport.Connections;

/// <summary>
/// The connections whose peers read nothing for now. All that waits for such a peer keeps its memory, also what streams have left that
/// were reset, for Kestrel frees that when it comes to write it. From any thread.
/// </summary>
internal sealed class BlockedConnections(TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<GuardedConnection, long> since = [];

    /// <summary>The peer takes no more.</summary>
    public void Begin(GuardedConnection connection)
    {
        lock (gate)
        {
            since[connection] = time.GetTimestamp();
            connection.IsBlocked = true;
        }
    }

    /// <summary>It has taken something, or is gone.</summary>
    public void End(GuardedConnection connection)
    {
        lock (gate)
        {
            since.Remove(connection);
            connection.IsBlocked = false;
        }
    }

    /// <summary>
    /// Closes of those that have been so for that long as many as must make room: the one for which most waits first, of equals the one that
    /// has been so for longest.
    /// </summary>
    /// <param name="forAtLeast">How long.</param>
    /// <param name="wantedBytes">How much room is wanted.</param>
    /// <param name="bytesBesides">What each has besides its answers.</param>
    /// <returns>How many, and what they had.</returns>
    public (int Count, long Bytes) Close(TimeSpan forAtLeast, long wantedBytes, long bytesBesides)
    {
        (int count, long bytes) = (0, 0);
        foreach (GuardedConnection connection in LargestOf(forAtLeast))
        {
            if (bytes >= wantedBytes)
            {
                break;
            }

            bytes += connection.UntakenBytes + bytesBesides;
            count++;
            End(connection);
            connection.Abort("its peer reads nothing while the memory budget is used up");
        }

        return (count, bytes);
    }

    private List<GuardedConnection> LargestOf(TimeSpan forAtLeast)
    {
        lock (gate)
        {
            return [.. since.Where(entry => time.GetElapsedTime(entry.Value) >= forAtLeast)
                .OrderByDescending(entry => entry.Key.UntakenBytes).ThenBy(entry => entry.Value).Select(entry => entry.Key)];
        }
    }
}
