using ExtProc.Tests.Transport;
using Google.Protobuf;

namespace ExtProc.Attacks.Wire;

/// <summary>Whole exchanges of attackers: headers and a body, in one call.</summary>
internal static class Uploads
{
    private static readonly ByteString Piece = ByteString.CopyFrom(new byte[RawFrames.LargestFrame * 4]);

    /// <summary>A body in full duplex, not ended, whose every piece is sent back by a server that changes nothing.</summary>
    public static Task EchoedAsync(Peer peer, int bytes) =>
        SendAsync(peer, Requests.RequestHeaders(), Enumerable.Repeat(Piece, bytes / Piece.Length));

    /// <summary>A body of pieces behind headers; ends early when the server ends the call.</summary>
    /// <returns>The stream, which stays open.</returns>
    public static async Task<int> SendAsync(Peer peer, IMessage headers, IEnumerable<ByteString> pieces)
    {
        int stream = await peer.OpenAsync();
        await peer.SendAsync(stream, headers.Framed());
        foreach (ByteString piece in pieces)
        {
            if (peer.Gone || peer.IsOver(stream))
            {
                break;
            }

            await peer.SendAsync(stream, Requests.RequestBody(piece).Framed());
        }

        return stream;
    }
}
