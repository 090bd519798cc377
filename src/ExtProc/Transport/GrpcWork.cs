namespace ExtProc.Transport;

/// <summary>Who reads and writes the messages of a call.</summary>
/// <param name="Handler">A handler of ours; null where the library does.</param>
/// <param name="HasOneMessage">Whether the library waits for a request of one message.</param>
internal readonly record struct GrpcWork(GrpcHandler? Handler, bool HasOneMessage = false)
{
    /// <summary>Whether the library does.</summary>
    public bool IsTheLibrarys => Handler is null;
}
