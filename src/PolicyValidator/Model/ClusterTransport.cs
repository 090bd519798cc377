using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>In what a cluster's connections are wrapped: <c>transport_socket</c> and <c>transport_socket_matches</c>.</summary>
internal static class ClusterTransport
{
    private static readonly (string Type, string Protocol)[] Protocols =
    [
        ("UpstreamTlsContext", "TLS"),
        ("QuicUpstreamTransport", "QUIC"),
        ("Alts", "ALTS"),
    ];

    /// <summary>A protocol other than cleartext that all connections have, and where it is said; null where some may be cleartext.</summary>
    public static (Node Place, string Protocol)? Encrypted(MappingNode cluster)
    {
        IEnumerable<MappingNode?> sockets = cluster.Field("transport_socket_matches").Mappings
            .Select(match => match.Field("transport_socket") as MappingNode)
            .Append(cluster.Field("transport_socket") as MappingNode);
        (Node Place, string Protocol)?[] all = [.. sockets.Select(Encryption)];
        return Array.TrueForAll(all, each => each is not null) ? all[^1] : null;
    }

    /// <summary>What one socket encrypts with; sockets that only add something (a PROXY header, a tap) have the real one inside.</summary>
    private static (Node Place, string Protocol)? Encryption(MappingNode? socket)
    {
        if (socket is null)
        {
            return null;
        }

        MappingNode? config = socket.Field("typed_config") as MappingNode;
        string type = config?.Field("type_url").Text ?? config?["@type"].Text ?? (socket.Field("name").Text == "envoy.transport_sockets.tls" ? ".UpstreamTlsContext" : "");
        string? protocol = Protocols.FirstOrDefault(known => type.EndsWith("." + known.Type, StringComparison.Ordinal)).Protocol;
        return protocol is not null
            ? (socket, protocol)
            : Encryption((config?.Field("value") as MappingNode ?? config)?.Field("transport_socket") as MappingNode);
    }
}
