using System.Text.Json;
using System.Text.Json.Nodes;

namespace Envoy.Runner;

/// <summary>Envoy's admin port.</summary>
/// <param name="address">host and port as Envoy wrote them to its --admin-address-path file</param>
public sealed class EnvoyAdmin(string address) : IDisposable
{
    /// <summary>Deeper than any configuration that Envoy takes: its own reader stops at 100.</summary>
    private const int MaxDumpDepth = 256;

    private readonly HttpClient client = new() { BaseAddress = new Uri($"http://{address}"), Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Host and port.</summary>
    public string Address => address;

    /// <summary>True once every listener and cluster is up.</summary>
    public async Task<bool> IsLiveAsync(CancellationToken cancel)
    {
        try
        {
            return (await client.GetStringAsync("/ready", cancel)).StartsWith("LIVE", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>Counters and gauges whose name matches a regular expression.</summary>
    public async Task<IReadOnlyDictionary<string, long>> StatsAsync(string filter, CancellationToken cancel)
    {
        string json = await client.GetStringAsync($"/stats?format=json&filter={Uri.EscapeDataString(filter)}", cancel);
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("stats").EnumerateArray()
            .Where(stat => stat.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Number)
            .ToDictionary(stat => stat.GetProperty("name").GetString()!, stat => (long)stat.GetProperty("value").GetDouble());
    }

    /// <summary>The ports that the listeners were given, by listener name.</summary>
    public async Task<IReadOnlyDictionary<string, int>> ListenerPortsAsync(CancellationToken cancel)
    {
        string json = await client.GetStringAsync("/listeners?format=json", cancel);
        using var document = JsonDocument.Parse(json);
        // Without listeners the list is left out.
        return !document.RootElement.TryGetProperty("listener_statuses", out JsonElement listeners) ? new Dictionary<string, int>() : listeners.EnumerateArray().ToDictionary(
            listener => listener.GetProperty("name").GetString()!,
            listener => listener.GetProperty("local_address").GetProperty("socket_address").GetProperty("port_value").GetInt32());
    }

    /// <summary>The configuration that Envoy runs with.</summary>
    public async Task<JsonNode> ConfigDumpAsync(CancellationToken cancel) =>
        JsonNode.Parse(await client.GetStringAsync("/config_dump", cancel), documentOptions: new() { MaxDepth = MaxDumpDepth })!;

    /// <summary>Sends a command, such as <c>/quitquitquit</c> or <c>/reset_counters</c>.</summary>
    public async Task PostAsync(string path, CancellationToken cancel)
    {
        using var answer = await client.PostAsync(path, null, cancel);
        answer.EnsureSuccessStatusCode();
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();
}
