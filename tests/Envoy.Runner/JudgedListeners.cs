using System.Globalization;
using System.Text.Json.Nodes;

namespace Envoy.Runner;

/// <summary>The files that <see cref="EnvoyJudge"/> gives to Envoy, and the dump that it gets back.</summary>
internal static class JudgedListeners
{
    /// <summary>A discovery file with one listener a case; a case that is no JSON makes it one that Envoy refuses.</summary>
    public static string File(int[] cases, IReadOnlyList<string> typedConfigs) =>
        $$"""{"version_info": "1", "resources": [{{string.Join(",\n", cases.Select(index => Listener(index, typedConfigs[index])))}}]}""";

    /// <summary>A bootstrap that watches the discovery file and has the clusters that filters may name.</summary>
    public static string Bootstrap(string listenersFile) => $$$$"""
        {
          "admin": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}}},
          "node": {"id": "judge", "cluster": "judge"},
          "static_resources": {"clusters": [{{{{Cluster("upstream")}}}}, {{{{Cluster("ext_proc")}}}}]},
          "dynamic_resources": {"lds_config": {"resource_api_version": "V3", "path_config_source": {"path": {{{{JsonValue.Create(listenersFile).ToJsonString()}}}}}}}
        }
        """;

    /// <summary>Fills in what the dump says; false when it says nothing.</summary>
    public static bool Read(JsonNode dump, EnvoyVerdict?[] verdicts)
    {
        bool any = false;
        foreach (var listener in dump["configs"]!.AsArray().SelectMany(part => part!["dynamic_listeners"]?.AsArray() ?? []))
        {
            var error = listener!["error_state"];
            string? name = (string?)listener["name"] ?? (string?)error?["failed_configuration"]?["name"];
            if (name is not null)
            {
                verdicts[int.Parse(name, CultureInfo.InvariantCulture)] = new(error is null, (string?)error?["details"] ?? "");
                any = true;
            }
        }

        return any;
    }

    private static string Listener(int index, string typedConfig) => $$$$"""
        {
          "@type": "type.googleapis.com/envoy.config.listener.v3.Listener",
          "name": "{{{{index}}}}",
          "bind_to_port": false,
          "address": {"socket_address": {"address": "127.0.0.1", "port_value": {{{{1 + (index % 65535)}}}}}},
          "filter_chains": [{"filters": [{
            "name": "envoy.filters.network.http_connection_manager",
            "typed_config": {
              "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
              "stat_prefix": "judged",
              "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [{"match": {"prefix": "/"}, "route": {"cluster": "upstream"}}]}]},
              "http_filters": [
                {"name": "envoy.filters.http.ext_proc", "typed_config": {{{{typedConfig}}}}},
                {"name": "envoy.filters.http.router", "typed_config": {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}
              ]
            }
          }]}]
        }
        """;

    private static string Cluster(string name) => $$$$"""
        {
          "name": "{{{{name}}}}", "type": "STATIC", "connect_timeout": "1s",
          "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
            "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
            "explicit_http_config": {"http2_protocol_options": {}}} },
          "load_assignment": {"cluster_name": "{{{{name}}}}", "endpoints": [{"lb_endpoints": [
            {"endpoint": {"address": {"socket_address": {"address": "127.0.0.1", "port_value": 9}} } }]}]}
        }
        """;
}
