using Envoy.Runner;

namespace ExtProc.EndToEnd.Lab;

/// <summary>Scenes as one Envoy configuration: a listener a scene, a cluster a server, and the upstream by authority.</summary>
internal static class Topology
{
    /// <summary>More than the largest body that the tests send.</summary>
    public const int RoomyBytes = 32 * 1024 * 1024;

    public static EnvoyConfig ConfigOf(
        IReadOnlyCollection<(Scene Scene, ExtProcServerProcess Server)> started, int http1Port, int http2Port) => new()
        {
            Listeners = [.. started.Select(entry => ListenerOf(entry.Scene, entry.Server))],
            Clusters =
            [
                .. started.Select(entry => entry.Server).Distinct().Select(server => new EnvoyCluster(NameOf(server), server.Port, UpstreamProtocol.Http2)),
                new EnvoyCluster("http1", http1Port, UpstreamProtocol.Http1),
                new EnvoyCluster("http2", http2Port, UpstreamProtocol.Http2),
                new EnvoyCluster("http1-roomy", http1Port, UpstreamProtocol.Http1) { BufferLimitBytes = RoomyBytes },
                new EnvoyCluster("http2-roomy", http2Port, UpstreamProtocol.Http2) { StreamWindowBytes = RoomyBytes },
            ],
        };

    public static string AuthorityOf(UpstreamProtocol upstream) => upstream == UpstreamProtocol.Http1 ? "h1.test" : "h2.test";

    private static string NameOf(ExtProcServerProcess server) => $"extproc-{server.Port}";

    private static EnvoyListener ListenerOf(Scene scene, ExtProcServerProcess server)
    {
        int? limit = scene.HoldsBodies ? RoomyBytes : null;
        return scene.Listener(new EnvoyListener(scene.Name)
        {
            Filters = [scene.Filter(new ExtProcFilter(NameOf(server), scene.Mode))],
            Routes = [.. RoutesTo(UpstreamProtocol.Http1, scene), .. RoutesTo(UpstreamProtocol.Http2, scene)],
            BufferLimitBytes = limit,
            StreamWindowBytes = limit,
        });
    }

    private static IEnumerable<EnvoyRoute> RoutesTo(UpstreamProtocol upstream, Scene scene)
    {
        string cluster = (upstream == UpstreamProtocol.Http1 ? "http1" : "http2") + (scene.HoldsBodies ? "-roomy" : "");
        yield return new EnvoyRoute(AuthorityOf(upstream), cluster) { IsConnect = true };
        yield return new EnvoyRoute(AuthorityOf(upstream), cluster);
    }
}
