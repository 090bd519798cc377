namespace ExtProc.Transport.Refusals;

/// <summary>Why a stream or connection got no further than HTTP/2, and what cures it.</summary>
/// <param name="Reason">The reason code of the metric.</param>
/// <param name="Mark">What Kestrel's sentence has in it; the first cause whose mark is found is the one.</param>
/// <param name="Cure">What to do.</param>
internal sealed record RefusalCause(string Reason, string Mark, string Cure)
{
    /// <summary>The causes, with the limits that are in force.</summary>
    public static IReadOnlyList<RefusalCause> All(GrpcTransportOptions limits)
    {
        string raise = $"send less in grpc_service.initial_metadata, or raise transport.headerBytes (now {limits.HeaderBytes}) and transport.headerCount (now {limits.HeaderCount})";
        return
        [
            new("authority", "Invalid Host header", "Envoy sends the name of its cluster where nothing else is said, and only a host name with an optional port is taken here: set grpc_service.envoy_grpc.authority"),
            new("header_limits", "too many headers", raise),
            new("header_limits", "headers too long", raise),
            new("header_limits", "headers length exceeded", raise),
            new("stream_limit", "REFUSED_STREAM", $"raise transport.maxStreamsPerConnection (now {limits.MaxStreamsPerConnection})"),
            new("scheme", ":scheme", "the peer believes that its connection is another than it is; remove x-forwarded-proto or :scheme from grpc_service.initial_metadata"),
            new("preface", "connection preface", "this port speaks cleartext HTTP/2 from the first byte: give the cluster http2_protocol_options, and no transport_socket"),
            new("malformed", "", "this is no well-formed HTTP/2 request (RFC 9113); look at what stands between Envoy and this server, and at grpc_service.initial_metadata"),
        ];
    }
}
