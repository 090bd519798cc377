namespace ExtProc.Transport.Connections;

/// <summary>What a <see cref="ConnectionGuard"/> allows.</summary>
/// <param name="Max">Connections at once.</param>
/// <param name="Silent">How long one may be without a whole preface.</param>
/// <param name="Unused">How long one may be without its first call, after that.</param>
/// <param name="Idle">How long one may be without a call after its last.</param>
internal sealed record ConnectionLimits(int Max, TimeSpan Silent, TimeSpan Unused, TimeSpan Idle)
{
    // Held by a connection that has sent half a frame: a block; and half as much again by its buffers and objects.
    private const long BytesOfOne = 128 * 1024;

    private const int FewestByDefault = 1_000, MostByDefault = 10_000;

    /// <summary>The limits of the gRPC ports.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="budgetBytes">The memory budget that is in force.</param>
    /// <param name="openFiles">How many files the process may have open; null where that is not known.</param>
    public static ConnectionLimits Of(GrpcTransportOptions options, long budgetBytes, long? openFiles) => new(
        Math.Min(options.MaxConnections == 0 ? ByMemory(budgetBytes) : options.MaxConnections, OpenFiles.RoomForConnections(openFiles)),
        options.PrefaceTimeout,
        options.UnusedConnectionTimeout,
        options.IdleConnectionTimeout);

    private static int ByMemory(long budgetBytes) => (int)Math.Clamp(budgetBytes / BytesOfOne, FewestByDefault, MostByDefault);
}
