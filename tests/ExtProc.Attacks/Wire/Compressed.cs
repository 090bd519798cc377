using ExtProc.Attacks.Running;

namespace ExtProc.Attacks.Wire;

/// <summary>Calls whose messages are compressed (grpc-encoding).</summary>
internal static class Compressed
{
    /// <summary>Sends one message on each of many streams, some at once, on two connections.</summary>
    public static Task SendAsync(Target target, byte[] message, int streams) => target.OnManyAsync(2, peer =>
        Task.WhenAll(Enumerable.Range(0, streams / 2).Select(async _ =>
            await peer.SendAsync(await peer.OpenAsync(Peer.Process, ("grpc-encoding", "gzip")), message))));
}
