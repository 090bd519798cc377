using System.Collections.Concurrent;
using Envoy.Runner;
using ExtProc.Configuration;
using ExtProc.EndToEnd.Upstream;

namespace ExtProc.EndToEnd.Authors;

/// <summary>One pipeline behind one way to set up Envoy's filter.</summary>
/// <param name="Name">The listener's name and stat prefix.</param>
/// <param name="Pipeline">The processors.</param>
/// <param name="Envoy">What is declared of Envoy, and set in it.</param>
internal sealed record AuthorScene(string Name, Pipeline.PipelineDefinition Pipeline, EnvoyDeclaration Envoy)
{
    /// <summary>What differs between the declaration and the filter.</summary>
    public Func<ExtProcFilter, ExtProcFilter> Filter { get; init; } = filter => filter;

    /// <summary>Whether the server is told what Envoy does; otherwise it learns of the modes with each exchange.</summary>
    public bool IsDeclared { get; init; } = true;

    /// <summary>What differs from the usual limits of the server.</summary>
    public Func<ExchangeLimits, ExchangeLimits> Limits { get; init; } = limits => limits;

    /// <summary>Whether only requests for <c>/rerouted</c> reach the upstream.</summary>
    public bool NeedsRerouting { get; init; }
}

/// <summary>Many pipelines in this process behind one Envoy a release; started once.</summary>
internal sealed class AuthorLab : IAsyncDisposable
{
    private readonly EnvoyProcess envoy;
    private readonly IReadOnlyDictionary<string, PipelineHost> hosts;

    private AuthorLab(EnvoyProcess envoy, IReadOnlyDictionary<string, PipelineHost> hosts, UpstreamServer upstream) =>
        (this.envoy, this.hosts, Upstream) = (envoy, hosts, upstream);

    public UpstreamServer Upstream { get; }

    public EnvoyProcess Envoy => envoy;

    public static async Task<AuthorLab> StartAsync(string version, IReadOnlyCollection<AuthorScene> scenes)
    {
        var binary = EnvoyBinary.Find(version);
        var upstream = await UpstreamServer.StartAsync();
        var hosts = new ConcurrentDictionary<string, PipelineHost>();
        foreach (var scene in scenes)
        {
            hosts[scene.Name] = await PipelineHost.StartAsync(scene);
        }

        var envoy = await EnvoyProcess.StartAsync(binary, new EnvoyConfig
        {
            Listeners = [.. scenes.Select(ListenerOf)],
            Clusters =
            [
                .. hosts.Select(host => new EnvoyCluster($"extproc-{host.Key}", host.Value.Port, UpstreamProtocol.Http2)),
                new EnvoyCluster("http1", upstream.Http1Port, UpstreamProtocol.Http1),
                new EnvoyCluster("http2", upstream.Http2Port, UpstreamProtocol.Http2),
                new EnvoyCluster("nowhere", FreePort.Next(), UpstreamProtocol.Http2),
            ],
        });
        return new AuthorLab(envoy, hosts, upstream);
    }

    public PipelineHost Host(string scene) => hosts[scene];

    /// <summary>Waits for Envoy's line on an exchange.</summary>
    public async Task WaitForAccessLogAsync(string testId, Func<string, bool> says, CancellationToken cancel)
    {
        string? found = null;
        while (found is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancel);
            found = envoy.Log.Lines.FirstOrDefault(line => line.Contains($" {testId} ", StringComparison.Ordinal));
        }

        Assert.True(says(found), found);
    }

    public async ValueTask DisposeAsync()
    {
        await envoy.DisposeAsync();
        foreach (var host in hosts.Values)
        {
            await host.DisposeAsync();
        }

        await Upstream.DisposeAsync();
    }

    private static EnvoyListener ListenerOf(AuthorScene scene) => new(scene.Name)
    {
        Filters = [scene.Filter(FilterOf(scene))],
        Routes =
        [
            new EnvoyRoute("h1.test", "http1"),
            new EnvoyRoute("h2.test", "http2") { Prefix = "/rerouted" },
            new EnvoyRoute("h2.test", scene.NeedsRerouting ? "nowhere" : "http2"),
        ],
    };

    private static ExtProcFilter FilterOf(AuthorScene scene) => new($"extproc-{scene.Name}", ModeOf(scene.Envoy.ProcessingMode!))
    {
        AllowModeOverride = scene.Envoy.AllowModeOverride,
        ObservabilityMode = scene.Envoy.ObservabilityMode,
        RequestAttributes = scene.Envoy.RequestAttributes ?? [],
        MessageTimeout = scene.Envoy.MessageTimeout ?? TimeSpan.FromSeconds(10),
        MaxMessageTimeout = scene.Envoy.MaxMessageTimeout,
        ForwardedMetadataNamespaces = scene.Envoy.ForwardingNamespaces ?? [],
        ReceivedMetadataNamespaces = scene.Envoy.ReceivingNamespaces ?? [],
    };

    private static EnvoyProcessingMode ModeOf(ProcessingMode mode) => EnvoyProcessingMode.Of((BodyMode)mode.RequestBodyMode, (BodyMode)mode.ResponseBodyMode);
}
