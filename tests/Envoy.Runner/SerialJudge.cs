using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Envoy.Runner;

/// <summary>
/// One Envoy that judges many configs: it watches a file with a single listener, which is replaced for each. Unknown fields are
/// refused, as they are in static configuration. Judges some hundred a second, where <c>--mode validate</c> does less than ten.
/// </summary>
public sealed class SerialJudge : IAsyncDisposable
{
    private const string Counters = "^listener_manager\\.lds\\.update_(success|rejected|failure)$";

    private static readonly TimeSpan JudgeTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(2);
    private readonly DirectoryInfo folder;
    private readonly EnvoyProcess envoy;
    private readonly string file;
    private (long Accepted, long Refused) counted;
    private int asked;

    private SerialJudge(DirectoryInfo folder, string file, EnvoyProcess envoy)
    {
        this.folder = folder;
        this.file = file;
        this.envoy = envoy;
    }

    /// <summary>Starts the Envoy.</summary>
    /// <param name="binary">The release.</param>
    /// <param name="extension">How the files are read: <c>json</c> or <c>yaml</c>.</param>
    /// <param name="clusters">The clusters that routes may lead to.</param>
    /// <param name="cancel">Ends the start.</param>
    public static async Task<SerialJudge> StartAsync(EnvoyBinary binary, string extension, IEnumerable<string> clusters, CancellationToken cancel = default)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("extproc-judge-");
        string file = Path.Combine(folder.FullName, $"lds.{extension}");
        await File.WriteAllTextAsync(file, """{"version_info": "0", "resources": []}""", cancel);
        EnvoyProcess envoy = await EnvoyProcess.StartAsync(binary, Bootstrap(file, clusters), ["--reject-unknown-dynamic-fields"], cancel);
        SerialJudge judge = new(folder, file, envoy);
        judge.counted = await judge.CountAsync(cancel);
        return judge;
    }

    /// <summary>A number for the next file's <c>version_info</c> and names, so that no two are taken for the same.</summary>
    public int NextNumber() => ++asked;

    /// <summary>Whether Envoy takes a file with a DiscoveryResponse.</summary>
    /// <exception cref="TimeoutException">It says nothing in time.</exception>
    public async Task<bool> AcceptsAsync(string discoveryResponse, CancellationToken cancel = default)
    {
        string next = file + ".next";
        await File.WriteAllTextAsync(next, discoveryResponse, cancel);
        File.Move(next, file, overwrite: true);
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < JudgeTimeout;)
        {
            (long Accepted, long Refused) now = await CountAsync(cancel);
            if (now != counted)
            {
                bool accepted = now.Accepted > counted.Accepted;
                counted = now;
                return accepted;
            }

            await Task.Delay(PollInterval, TimeProvider.System, cancel);
        }

        throw new TimeoutException($"Envoy {envoy.Binary.Version} said nothing in {JudgeTimeout.TotalSeconds} s about:\n{discoveryResponse}\n{envoy.Log.Tail(20)}");
    }

    /// <summary>The configuration that Envoy runs with, of which the last file that it took is a part.</summary>
    public Task<JsonNode> ConfigDumpAsync(CancellationToken cancel = default) => envoy.Admin.ConfigDumpAsync(cancel);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await envoy.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private async Task<(long Accepted, long Refused)> CountAsync(CancellationToken cancel)
    {
        IReadOnlyDictionary<string, long> stats = await envoy.Admin.StatsAsync(Counters, cancel);
        long Of(string name) => stats.GetValueOrDefault($"listener_manager.lds.update_{name}");
        return (Of("success"), Of("rejected") + Of("failure"));
    }

    private static string Bootstrap(string file, IEnumerable<string> clusters)
    {
        string list = string.Join(", ", clusters.Select(name => $$"""{"name": "{{name}}", "connect_timeout": "1s"}"""));
        return $$$$$"""
            {"admin": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}}},
             "node": {"id": "judge", "cluster": "judge"},
             "static_resources": {"clusters": [{{{{{list}}}}}]},
             "dynamic_resources": {"lds_config": {"resource_api_version": "V3", "path_config_source": {"path": "{{{{{file}}}}}"}}}}
            """;
    }
}
