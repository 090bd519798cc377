using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Robustness;

/// <summary>Texts with one thing that is there many times, up to a limit of what is judged, or beyond it.</summary>
/// <param name="Name">What there is many times.</param>
/// <param name="Most">How many times it is judged.</param>
/// <param name="Says">What is said of more.</param>
/// <param name="Make">The texts for a number of times.</param>
internal sealed record LargeInput(string Name, int Most, string Says, Func<int, string[]> Make)
{
    /// <summary>Stands in the line of what is left out when there is one more than the limit.</summary>
    public const string Mark = "# left out";

    /// <summary>The release that is asked about.</summary>
    public Target Target { get; init; } = Target.Newest;
}

/// <summary>One input for each limit.</summary>
internal static class LargeInputs
{
    private const string Processor = "\"@type\": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor";
    private const string Server = "pipeline: [{name: audit}]\n";
    private const string Alone = "grpc_service: {envoy_grpc: {cluster_name: processor}}\n";

    private static readonly Target EnvoyGateway = Target.Parse("eg=1.9")!;

    public static IReadOnlyList<LargeInput> All { get; } =
    [
        new("clusters of one name", 32, "of 33 clusters \"processor\" only the first 32", times => [Bootstrap(Lines(times, _ => Cluster(1)))]),
        new("ports of a cluster", 32, "of 33 ports of the cluster \"processor\" only the first 32", times => [Bootstrap(Cluster(times) + $" {LargeInput.Mark}\n"), "listen: 127.0.0.1:9000\n" + Server]),
        new("merges into all clusters", 32, "of 33 clusters \"*\" only the first 32", times =>
            [Bootstrap(Cluster(1) + "\n"), EnvoyFilter(Lines(times, _ => "  - {applyTo: CLUSTER, patch: {operation: MERGE, value: {connect_timeout: 1s}}}"))]),
        new("filters of one name", 32, "of 33 filters \"same\" that have configuration for routes only the first 32", times =>
            [Manager(Lines(times, _ => Filter("same", "{}")), 1, "{same: {\"@type\": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute, overrides: {request_attributes: [a]}}}")]),
        new("filters on many routes", 16, "of 17 ext_proc filters only the first 16 were judged on each of the 300 routes", times => [Manager(Lines(times, at => Filter($"filter-{at}", "{}")), 300)]),
        new("filters on a few routes", 100, "of 101 ext_proc filters only the first 100 were judged on each of the 20 routes", times => [Manager(Lines(times, at => Filter($"filter-{at}", "{}")), 20)]),
        new("buffer filters above", 8, "only the nearest 8 buffer filters", times => [Manager(Lines(times, Buffer, marked: 0) + Filter("processor", "{request_body_mode: BUFFERED}") + "\n", 1)]),
        new("buffer filters below", 8, "only the nearest 8 buffer filters", times => [Manager(Filter("processor", "{request_body_mode: BUFFERED}") + "\n" + Lines(times, Buffer), 1)]),
        new("servers and filters", 101, "of 102 servers only the first 101", times =>
            [string.Join("---\n", Enumerable.Repeat(Alone, 200)), .. Enumerable.Range(0, times).Select(at => $"listen: 127.0.0.1:9000{(at == times - 1 ? $" {LargeInput.Mark}" : "")}\n{Server}")]),
        new("Services of one name", 32, "of 33 objects of kind Service with the name platform/processor only the first 32", times =>
            [Policy("processor", 1), .. Enumerable.Range(0, times).Select(at => Service(at == times - 1 ? LargeInput.Mark : ""))]) { Target = EnvoyGateway },
        new("targets of a policy", 16, "of 17 targetRefs of the EnvoyExtensionPolicy processor only the first 16", times => [Policy("processor", times), Patches(1)]) { Target = EnvoyGateway },
        new("parents of a route", 32, "of 33 parentRefs of the HTTPRoute backend-0 only the first 32", times =>
            [Policy("processor", 1), Patches(1), Object("gateway.networking.k8s.io/v1", "HTTPRoute", "{name: backend-0, namespace: shop}", "  parentRefs:\n" + Lines(times, at => $"  - {{name: gateway-{at}}}"))]) { Target = EnvoyGateway },
        new("listeners of a Gateway", 64, "of 65 listeners of the Gateway eg only the first 64", times =>
            [Policy("processor", 1), Patches(1), Object("gateway.networking.k8s.io/v1", "Gateway", "{name: eg, namespace: shop}", "  gatewayClassName: eg\n  listeners:\n" + Lines(times, at => $"  - {{name: l{at}, protocol: HTTP, port: {at + 1}}}"))]) { Target = EnvoyGateway },
        new("entries of to in a grant", 16, "of 17 entries of to in the ReferenceGrant processor only the first 16", times =>
            [Policy("processor", 1), Service(""), Object("gateway.networking.k8s.io/v1beta1", "ReferenceGrant", "{name: processor, namespace: platform}",
                "  from: [{group: gateway.envoyproxy.io, kind: EnvoyExtensionPolicy, namespace: shop}]\n  to:\n" + Lines(times, at => $"  - {{group: \"\", kind: Service, name: {(at == 0 ? "processor" : $"other-{at}")}}}"))]) { Target = EnvoyGateway },
        new("patches", 500, "of 501 patches only the first 500", times => [Policy("processor", 1), Patches(times)]) { Target = EnvoyGateway },
        new("patches of trailer modes", 500, "of 501 patches of request_trailer_mode, from the last one on, only the first 500", times =>
            [Policy("processor", 1).Replace("request: {}", "request: {body: FullDuplexStreamed}", StringComparison.Ordinal), Patches(times, marked: 0)]) { Target = Target.Parse("eg=1.4.1")! },
        new("paths through filters", 200, "20000 paths were followed before", times => [string.Join("---\n", Enumerable.Range(0, 100).Select(at => Policy($"processor-{at}", 1))), Patches(times)]) { Target = EnvoyGateway },
        new("patterns that are not understood", 0, "its pattern '^[[:alpha:]]+$' is not understood here", times =>
            [Policy("processor", 1), EnvoyPatchPolicy(Lines(times, _ => Operation("..http_filters[?match(@.name, '[[:alpha:]]+')].typed_config.processing_mode")))]) { Target = EnvoyGateway },
        new("merges into filters", 140, "what 20022 merges make of the filters that are inserted was not judged", times =>
            [EnvoyFilter(Lines(142, _ => FilterPatch("INSERT_FIRST", ""), marked: 0) + Lines(times, _ => FilterPatch("MERGE", ", subFilter: {name: same}"), marked: -1))]),
    ];

    /// <summary>A listener with a connection manager.</summary>
    public static string Manager(string filters, int routes, string perRoute = "{}") => $$$$$"""
        name: http
        filter_chains:
        - filters:
          - name: http
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
              stat_prefix: http
              route_config:
                virtual_hosts:
                - name: all
                  domains: ["*"]
                  routes:
        {{{{{Lines(routes, at => $"          - {{match: {{prefix: /{at}}}, route: {{cluster: app}}, typed_per_filter_config: {perRoute}}}", marked: -1)}}}}}
              http_filters:
        {{{{{filters}}}}}
              - {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
        """;

    /// <summary>An entry of a connection manager's filters.</summary>
    public static string Filter(string name, string mode) => $"      - {{name: {name}, typed_config: {{{Processor}, grpc_service: {{envoy_grpc: {{cluster_name: processor}}}}, processing_mode: {mode}}}}}";

    private static string Buffer(int at) => $"      - {{name: buffer-{at}, typed_config: {{\"@type\": type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer, max_request_bytes: 100}}}}";

    private static string Lines(int times, Func<int, string> line) => Lines(times, line, times - 1);

    private static string Lines(int times, Func<int, string> line, int marked) =>
        string.Concat(Enumerable.Range(0, times).Select(at => $"{line(at)}{(at == marked ? $" {LargeInput.Mark}" : "")}\n"));

    private static string Bootstrap(string clusters) => $$$$$"""
        static_resources:
          listeners:
          - name: http
            filter_chains:
            - filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: http
                  route_config: {}
                  http_filters:
                  - {name: processor, typed_config: { {{{{{Processor}}}}}, grpc_service: {envoy_grpc: {cluster_name: processor}}}}
                  - {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
          clusters:
        {{{{{clusters}}}}}
        """;

    private static string Cluster(int ports) =>
        "  - {name: processor, load_assignment: {cluster_name: processor, endpoints: [{lb_endpoints: ["
        + string.Join(", ", Enumerable.Range(9000, ports).Select(port => $"{{endpoint: {{address: {{socket_address: {{address: 127.0.0.1, port_value: {port}}}}}}}}}")) + "]}]}}";

    private static string EnvoyFilter(string patches) => Object("networking.istio.io/v1alpha3", "EnvoyFilter", "{name: processor, namespace: shop}", "  configPatches:\n" + patches);

    private static string FilterPatch(string operation, string subFilter) =>
        $"  - {{applyTo: HTTP_FILTER, match: {{listener: {{filterChain: {{filter: {{name: envoy.filters.network.http_connection_manager{subFilter}}}}}}}}}, patch: {{operation: {operation}, value: {{name: same, typed_config: {{{Processor}, grpc_service: {{envoy_grpc: {{cluster_name: processor}}}}}}}}}}}}";

    private static string Policy(string name, int targets) => Object("gateway.envoyproxy.io/v1alpha1", "EnvoyExtensionPolicy", $"{{name: {name}, namespace: shop}}",
        "  extProc: [{backendRefs: [{name: processor, namespace: platform, port: 9002}], processingMode: {request: {}}}]\n  targetRefs:\n"
        + Lines(targets, at => $"  - {{group: gateway.networking.k8s.io, kind: HTTPRoute, name: backend-{at}}}"));

    private static string Service(string mark) => Object("v1", "Service", $"{{name: processor, namespace: platform}} {mark}", "  ports: [{port: 9002}]\n");

    private static string Patches(int times) => Patches(times, times - 1);

    private static string Patches(int times, int marked) =>
        EnvoyPatchPolicy(Lines(times, at => Operation($"..http_filters[?(@.name == 'ext_proc-{at}')].typed_config.processing_mode"), marked));

    private static string EnvoyPatchPolicy(string patches) => Object("gateway.envoyproxy.io/v1alpha1", "EnvoyPatchPolicy", "{name: patches, namespace: shop}",
        "  targetRef: {group: gateway.networking.k8s.io, kind: Gateway, name: eg}\n  type: JSONPatch\n  jsonPatches:\n" + patches);

    private static string Operation(string jsonPath) =>
        $"  - {{type: type.googleapis.com/envoy.config.listener.v3.Listener, name: shop/eg/http, operation: {{op: add, jsonPath: \"{jsonPath}\", path: /request_trailer_mode, value: SEND}}}}";

    private static string Object(string apiVersion, string kind, string metadata, string spec) => $"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {metadata}\nspec:\n{spec}";
}
