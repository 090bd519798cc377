using System.Collections.Concurrent;
using Envoy.Runner;
using ExtProc.EndToEnd.Upstream;

namespace ExtProc.EndToEnd.Lab;

/// <summary>
/// Client, Envoy, server and upstream, started once for all tests: one upstream, one server for each configuration, and for each
/// Envoy release one process with a listener for each scene.
/// </summary>
public sealed class EnvoyLab : IAsyncLifetime
{
    private readonly IReadOnlyCollection<Scene> scenes;
    private readonly ConcurrentDictionary<string, Task<ExtProcServerProcess>> servers = new();
    private readonly ConcurrentDictionary<string, Task<EnvoyProcess>> envoys = new();
    private UpstreamServer? upstream;

    public EnvoyLab()
        : this(Scenes.All)
    {
    }

    internal EnvoyLab(IReadOnlyCollection<Scene> scenes) => this.scenes = scenes;

    internal UpstreamServer Upstream => upstream ?? throw new InvalidOperationException("the lab is not initialized");

    public async Task InitializeAsync() => upstream = await UpstreamServer.StartAsync();

    public async Task DisposeAsync()
    {
        foreach (var envoy in envoys.Values)
        {
            await DisposeStartedAsync(envoy);
        }

        foreach (var server in servers.Values)
        {
            await DisposeStartedAsync(server);
        }

        await Upstream.DisposeAsync();
    }

    internal Task<EnvoyProcess> EnvoyAsync(string version) => envoys.GetOrAdd(version, StartEnvoyAsync);

    internal Task<ExtProcServerProcess> ServerAsync(Scene scene) =>
        servers.GetOrAdd(scene.ServerConfig ?? "", _ => ExtProcServerProcess.StartAsync(scene.ServerConfig));

    private static async Task DisposeStartedAsync<T>(Task<T> starting)
        where T : IAsyncDisposable
    {
        if (starting.IsCompletedSuccessfully)
        {
            await (await starting).DisposeAsync();
        }
    }

    private async Task<EnvoyProcess> StartEnvoyAsync(string version)
    {
        var binary = EnvoyBinary.Find(version);
        var started = await Task.WhenAll(scenes.Select(async scene => (scene, server: await ServerAsync(scene))));
        return await EnvoyProcess.StartAsync(binary, Topology.ConfigOf(started, Upstream.Http1Port, Upstream.Http2Port));
    }
}
