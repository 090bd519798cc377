using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ExtProc.Transport;

/// <summary>Finds the settings of a Kestrel that cost ext_proc speed, or Envoy its exchanges.</summary>
internal static class KestrelFit
{
    private const int ManyStreams = 1_000;

    private static readonly GrpcTransportOptions Ours = new();

    /// <summary>A sentence per setting; none where all is well.</summary>
    public static IEnumerable<string> Problems(KestrelServerOptions kestrel)
    {
        KestrelServerLimits limits = kestrel.Limits;
        Http2Limits http2 = limits.Http2;
        if (http2.MaxStreamsPerConnection < ManyStreams)
        {
            yield return $"Limits.Http2.MaxStreamsPerConnection is {http2.MaxStreamsPerConnection}; Envoy puts a stream per exchange on one connection, and those of a first burst beyond it fail";
        }

        if (!KestrelTransport.ResetsAreTaken)
        {
            yield return $"{KestrelTransport.GoAwayAfterResets} is not 0; Envoy ends most streams by a reset, and where they come quickly Kestrel closes the connection with all others on it";
        }

        if (http2.InitialConnectionWindowSize < (long)http2.InitialStreamWindowSize * Math.Min(http2.MaxStreamsPerConnection, ManyStreams))
        {
            yield return $"Limits.Http2.InitialConnectionWindowSize is {http2.InitialConnectionWindowSize}, less than that of its streams together; exchanges that wait for a processor stop the others on their connection";
        }

        if (Math.Min(http2.MaxRequestHeaderFieldSize, limits.MaxRequestHeadersTotalSize) < Ours.HeaderBytes || limits.MaxRequestHeaderCount < Ours.HeaderCount)
        {
            yield return $"requests have {limits.MaxRequestHeadersTotalSize} bytes ({http2.MaxRequestHeaderFieldSize} in one field) and {limits.MaxRequestHeaderCount} lines of headers at most; grpc_service.initial_metadata may have more, and such a stream fails";
        }

        if (!kestrel.AllowAlternateSchemes)
        {
            yield return "AllowAlternateSchemes is false; Envoy sends \":scheme: http\" over TLS too, and such a stream fails";
        }
    }
}
