using Envoy.Runner;
using ExtProc.Abilities;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;

namespace ExtProc.EndToEnd.Authors;

/// <summary>The protocols in which a story is told.</summary>
internal static class Protocols
{
    /// <summary>Trailers need HTTP/2 on both sides; HTTP/1.1 gives and takes them only by arrangement.</summary>
    public static (ClientProtocol Client, UpstreamProtocol Upstream) For(Story story, int number) => story.RequestTrailers.Count + story.ResponseTrailers.Count > 0
        ? (ClientProtocol.Http2, UpstreamProtocol.Http2)
        : Cases.Protocols[number % Cases.Protocols.Count];
}
