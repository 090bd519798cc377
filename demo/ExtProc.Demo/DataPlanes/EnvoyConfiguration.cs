using Envoy.Runner;

namespace ExtProc.Demo.DataPlanes;

/// <summary>The demo's Envoy configuration, for people to read and to start from.</summary>
internal static class EnvoyConfiguration
{
    /// <summary>Where it is kept; outside a checkout below the current folder.</summary>
    public static string File => Path.Combine(Checkout.Root ?? Environment.CurrentDirectory, "artifacts", "demo", "envoy.yaml");

    /// <summary>The text for the demo's ports.</summary>
    public static string TextFor(DemoOptions options) => $$"""
        # Envoy as the demo starts it. Where extproc and an upstream listen on these ports, it works by hand too: envoy -c FILE
        admin: { address: { socket_address: { address: 127.0.0.1, port_value: 0 } } }
        static_resources:
          listeners:
          - name: demo
            address: { socket_address: { address: 127.0.0.1, port_value: {{options.EnvoyPort}} } }
            filter_chains:
            - filters:
              - name: envoy.filters.network.http_connection_manager
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: demo
                  route_config:
                    virtual_hosts:
                    - name: all
                      domains: ["*"]
                      routes: [{ match: { prefix: / }, route: { cluster: upstream, timeout: 0s } }]
                  http_filters:
                  - name: envoy.filters.http.ext_proc
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                      grpc_service: { envoy_grpc: { cluster_name: extproc } }
                      message_timeout: 10s # the default of 200 ms is short for a machine that builds meanwhile
                      processing_mode: # both bodies as they stream; Envoy then wants the trailers as well
                        request_header_mode: SEND
                        request_body_mode: FULL_DUPLEX_STREAMED
                        request_trailer_mode: SEND
                        response_header_mode: SEND
                        response_body_mode: FULL_DUPLEX_STREAMED
                        response_trailer_mode: SEND
                  - name: envoy.filters.http.router
                    typed_config: { "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router }
          clusters:
          - name: extproc
            type: STATIC
            typed_extension_protocol_options: # gRPC is HTTP/2
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: { http2_protocol_options: {} }
            load_assignment:
              cluster_name: extproc
              endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: {{options.ServerPort}} } } } }] }]
          - name: upstream
            type: STATIC
            load_assignment:
              cluster_name: upstream
              endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: {{options.UpstreamPort}} } } } }] }]

        """;
}
