namespace PolicyValidator.Tests.Surfaces;

/// <summary>Documents in the shapes of those that people publish, of our own making.</summary>
internal static class Shape
{
    public const string FullDuplex = "{request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND, response_body_mode: FULL_DUPLEX_STREAMED, response_trailer_mode: SEND}";

    private const string Type = "type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3";

    /// <summary>Envoy Gateway's policy with the entries of <c>extProc</c>, each a line of flow YAML.</summary>
    public static string Policy(params string[] entries) => $$$"""
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyExtensionPolicy
        metadata:
          name: policy
          namespace: default
        spec:
          targetRefs:
          - group: gateway.networking.k8s.io
            kind: HTTPRoute
            name: route
        {{{(entries.Length == 0 ? "" : "  extProc:\n")}}}{{{string.Concat(entries.Select(entry => $"  - {{backendRefs: [{{name: processor, port: 9000}}], {entry}}}\n"))}}}
        """;

    /// <summary>The same with a processor that is named in full.</summary>
    public static string PolicyFor(string backend) => Policy("processingMode: {request: {}}").Replace("{name: processor, port: 9000}", backend, StringComparison.Ordinal);

    public static string Service(string @namespace, int port) => $$$"""
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: processor, namespace: {{{@namespace}}} }
        spec: {ports: [{port: {{{port}}} }]}

        """;

    /// <summary>A filter's configuration, as a line of flow YAML.</summary>
    public static string Filter(string mode, string more = "") =>
        $"{{\"@type\": {Type}.ExternalProcessor, grpc_service: {{envoy_grpc: {{cluster_name: processor}}}}, processing_mode: {mode}{more}}}";

    public static string PerRoute(string mode) => $"{{\"@type\": {Type}.ExtProcPerRoute, overrides: {{processing_mode: {mode}}}}}";

    /// <summary>A file of listeners as control planes write it: the filter is there, disabled, and a route switches it on.</summary>
    public static string Listeners(string filter) => $$$"""
        resources:
        - "@type": type.googleapis.com/envoy.config.listener.v3.Listener
          name: default/gateway/http
          address: {socket_address: {address: 0.0.0.0, port_value: 10080}}
          default_filter_chain:
            filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: http
                rds: {route_config_name: http, config_source: {ads: {}, resource_api_version: V3}}
                http_filters:
                - {name: envoy.filters.http.ext_proc/policy, disabled: true, typed_config: {{{filter}}} }
                - {name: envoy.filters.http.router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}

        """;

    /// <summary>A whole bootstrap, as stand-alone proxies are given it.</summary>
    public static string Bootstrap(string filter) => $$$"""
        static_resources:
          listeners:
          - name: http
            address: {socket_address: {address: 0.0.0.0, port_value: 8081}}
            filter_chains:
            - filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: http
                  http_protocol_options: {enable_trailers: true}
                  route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: processor}}]}]}
                  http_filters:
                  - {name: envoy.filters.http.ext_proc, typed_config: {{{filter}}} }
                  - {name: envoy.filters.http.router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
          clusters:
          - {name: processor, typed_extension_protocol_options: {o: {"@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: {http2_protocol_options: {} } } } }

        """;

    /// <summary>An EnvoyFilter that puts a filter in.</summary>
    public static string EnvoyFilter(string filter) => $$$"""
        apiVersion: networking.istio.io/v1alpha3
        kind: EnvoyFilter
        metadata: {name: filter}
        spec:
          configPatches:
          - applyTo: HTTP_FILTER
            match: {context: GATEWAY, listener: {filterChain: {filter: {name: envoy.filters.network.http_connection_manager} } } }
            patch: {operation: INSERT_FIRST, value: {name: envoy.filters.http.ext_proc.bbr, typed_config: {{{filter}}} }}

        """;

    /// <summary>An EnvoyPatchPolicy with operations, each the end of a way and a value.</summary>
    public static string Patches(params (string Path, string Value)[] operations) => $$$"""
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyPatchPolicy
        metadata: {name: patches, namespace: default}
        spec:
          type: JSONPatch
          targetRef: {group: gateway.networking.k8s.io, kind: Gateway, name: gateway}
          jsonPatches:
        {{{string.Concat(operations.Select(each => $"  - {{type: type.googleapis.com/envoy.config.listener.v3.Listener, name: default/gateway/http, operation: {{op: add, path: \"/default_filter_chain/filters/0/typed_config/http_filters/0{each.Path}\", value: {each.Value}}}}}\n"))}}}
        """;

    /// <summary>A GKE extension with events and the send modes beside them.</summary>
    public static string Google(string events, string modes) => $$$"""
        apiVersion: networking.gke.io/v1
        kind: GCPTrafficExtension
        metadata: {name: extension}
        spec:
          targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: gateway}]
          extensionChains:
          - name: chain
            extensions:
            - {name: one, authority: one.example, timeout: 1s, supportedEvents: [{{{events}}}], {{{modes}}}, backendRef: {kind: Service, name: processor, port: 9000}}

        """;

    /// <summary>kgateway's extension, or its policy for routes.</summary>
    public static string Kgateway(string kind, string mode) => $$$"""
        apiVersion: gateway.kgateway.dev/v1alpha1
        kind: {{{kind}}}
        metadata: {name: processor}
        spec:
          extProc:
            {{{(kind == "GatewayExtension" ? "grpcService: {backendRef: {name: processor, port: 9000}}" : "extensionRef: {name: other}")}}}
            processingMode: {{{mode}}}

        """;
}
