namespace ExtProc.Transport.Refusals;

/// <summary>Why a stream or connection got no further than HTTP/2, and what cures it.</summary>
/// <param name="Reason">The reason code of the metric.</param>
/// <param name="Mark">What Kestrel's sentence has in it; the first cause whose mark is found is the one. Null for what Kestrel does not say.</param>
/// <param name="Cure">What to do.</param>
internal sealed record RefusalCause(string Reason, string? Mark, string Cure)
{
    /// <summary>More connections than the gRPC ports take, and than the admin port takes; no file for another; one that says nothing.</summary>
    public const string ConnectionLimit = "connection_limit", AdminConnectionLimit = "admin_connection_limit", OpenFiles = "open_files", PrefaceTimeout = "preface_timeout";

    /// <summary>The causes, with the limits that are in force.</summary>
    public static IReadOnlyList<RefusalCause> All(GrpcTransportOptions limits)
    {
        string raise = $"send less in grpc_service.initial_metadata, or raise transport.headerBytes (now {limits.HeaderBytes}) and transport.headerCount (now {limits.HeaderCount})";
        return
        [
            new(AdminConnectionLimit, null, "only probes need the admin port: find out who connects to it, and let nobody else (admin: 127.0.0.1:9001, or a NetworkPolicy)"),
            new(ConnectionLimit, null, "Envoy opens one connection for each of its threads: find out who opens more, or raise transport.maxConnections"),
            new(OpenFiles, null, "raise the limit of open files (ulimit -n, LimitNOFILE, the container runtime's default), or lower transport.maxConnections"),
            new(PrefaceTimeout, null, "who connects must speak HTTP/2 at once: a probe of TCP alone shall close its connection, or use the admin port; transport.prefaceTimeout is the time"),
            new("authority", "Invalid Host header", "Envoy sends the name of its cluster where nothing else is said, and only a host name with an optional port is taken here: set grpc_service.envoy_grpc.authority, or the channel argument grpc.default_authority of google_grpc"),
            new("header_limits", "too many headers", raise),
            new("header_limits", "headers too long", raise),
            new("header_limits", "headers length exceeded", raise),
            new("stream_limit", "REFUSED_STREAM", $"raise transport.maxStreamsPerConnection (now {limits.MaxStreamsPerConnection})"),
            new("scheme", ":scheme", "a scheme is a letter and then letters, digits, +, - or .; look at what sets :scheme, such as the channel argument grpc.http2_scheme of google_grpc"),
            new("preface", "connection preface", "this port speaks cleartext HTTP/2 from the first byte: give the cluster http2_protocol_options, and no transport_socket"),
            new("preface", "Unrecognized HTTP version", "this port takes HTTP/2 over TLS alone: make it one for cleartext HTTP/2 with port.UseExtProc(), or with the protocols Http2 in the app's configuration of Kestrel"),
            new("malformed", "", "this is no well-formed HTTP/2 request (RFC 9113); look at what stands between Envoy and this server, and at grpc_service.initial_metadata"),
        ];
    }
}
