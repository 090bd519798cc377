using ExtProc.Configuration;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Http;

namespace ExtProc.Front;

/// <summary>
/// How the middleware sends exchanges through an ext_proc server. Each property is named after the field of
/// <c>envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor</c> that it stands for, and has its default; those of the server's
/// cluster and of the HTTP connection manager come last. Can be bound from a configuration section.
/// </summary>
public sealed class ExtProcFilterOptions
{
    /// <summary>The default of <see cref="EnvoyVersion"/>.</summary>
    public static Version NewestEnvoy { get; } = new(1, 40, 0);

    /// <summary>
    /// Where the server listens: <c>http://HOST:PORT</c> for HTTP/2 in clear text, <c>https://</c> for TLS (<c>grpc_service</c>). Needed
    /// unless <see cref="Channel"/> is set.
    /// </summary>
    public Uri? GrpcService { get; set; }

    /// <summary>A channel of the app's own in place of <see cref="GrpcService"/>, for client certificates, unix sockets, balancing or tests. The app disposes it.</summary>
    public GrpcChannel? Channel { get; set; }

    /// <summary>gRPC metadata of each stream (<c>grpc_service.initial_metadata</c>), by lower-case key.</summary>
    public IDictionary<string, string> InitialMetadata { get; } = new Dictionary<string, string>();

    /// <summary>Which parts of an exchange the server is sent, and how (<c>processing_mode</c>). Full duplex needs trailers, as in Envoy.</summary>
    public ProcessingMode ProcessingMode { get; set; } = new();

    /// <summary>Whether a failing server lets traffic pass (<c>failure_mode_allow</c>). In full duplex never once a body was sent.</summary>
    public bool FailureModeAllow { get; set; }

    /// <summary>The status of a response to an exchange that its server failed (<c>status_on_error</c>), 400 to 599. A timeout is always 504.</summary>
    public int StatusOnError { get; set; } = 500;

    /// <summary>How long each message may go unanswered (<c>message_timeout</c>), up to an hour. Does not run in full duplex.</summary>
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>The longest that a server may ask for in <c>override_message_timeout</c>; zero: it may not (<c>max_message_timeout</c>).</summary>
    public TimeSpan MaxMessageTimeout { get; set; }

    /// <summary>Whether a server may change the modes of an exchange (<c>allow_mode_override</c>).</summary>
    public bool AllowModeOverride { get; set; }

    /// <summary>The modes that it may ask for; empty: all (<c>allowed_override_modes</c>).</summary>
    public IList<ProcessingMode> AllowedOverrideModes { get; } = [];

    /// <summary>Which header changes are made (<c>mutation_rules</c>, without its regular expressions).</summary>
    public MutationRules MutationRules { get; set; } = MutationRules.Default;

    /// <summary>Which headers and trailers the server is shown (<c>forward_rules</c>); none set: all.</summary>
    public ForwardRules ForwardRules { get; } = new();

    /// <summary>Attributes sent with the first message of the request (<c>request_attributes</c>); README.md lists those that there are.</summary>
    public IList<string> RequestAttributes { get; } = [];

    /// <summary>The same for the response (<c>response_attributes</c>).</summary>
    public IList<string> ResponseAttributes { get; } = [];

    /// <summary>Namespaces of dynamic metadata that are sent (<c>metadata_options.forwarding_namespaces.untyped</c>).</summary>
    public IList<string> ForwardingNamespaces { get; } = [];

    /// <summary>Namespaces that a server may write (<c>metadata_options.receiving_namespaces.untyped</c>); what else it writes is dropped.</summary>
    public IList<string> ReceivingNamespaces { get; } = [];

    /// <summary>Whether the server only sees the exchange, and its answers are ignored (<c>observability_mode</c>).</summary>
    public bool ObservabilityMode { get; set; }

    /// <summary>How long a stream stays open behind its exchange in observability mode (<c>deferred_close_timeout</c>).</summary>
    public TimeSpan DeferredCloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether chunks are sent before the headers are answered, in STREAMED (<c>send_body_without_waiting_for_header_response</c>).</summary>
    public bool SendBodyWithoutWaitingForHeaderResponse { get; set; }

    /// <summary>Whether immediate responses are refused (<c>disable_immediate_response</c>).</summary>
    public bool DisableImmediateResponse { get; set; }

    /// <summary>Whether the app's endpoint is chosen again when a server asks for it (<c>route_cache_action</c>).</summary>
    public RouteCacheAction RouteCacheAction { get; set; }

    /// <summary>Whether content-length stays where a body may change its length (<c>allow_content_length_header</c>). Only for servers that set it right.</summary>
    public bool AllowContentLengthHeader { get; set; }

    /// <summary>The Envoy whose behavior is followed where releases differ, 1.36 to 1.40.</summary>
    public Version EnvoyVersion { get; set; } = NewestEnvoy;

    /// <summary>How long connecting to the server may take (the cluster's <c>connect_timeout</c>).</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Bytes of each direction that may wait here before its sender has to (<c>per_connection_buffer_limit_bytes</c>): beyond it a BUFFERED
    /// request is answered 413, a BUFFERED response 500, and the rest of a BUFFERED_PARTIAL body passes unseen. 1 KiB to 1 GiB.
    /// </summary>
    public int BufferBytes { get; set; } = 1 << 20;

    /// <summary>Bytes that a server may send ahead of a slow receiver before it has to wait, for both directions then. Envoy has no such limit.</summary>
    public int AheadBytes { get; set; } = 64 << 20;

    /// <summary>The longest that nothing may move in an exchange (the connection manager's <c>stream_idle_timeout</c>); zero: for ever.</summary>
    public TimeSpan StreamIdleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Header lines that a message may have after a change (<c>max_headers_count</c>).</summary>
    public int MaxHeadersCount { get; set; } = 100;

    /// <summary>KiB of header lines that a message may have after a change (<c>max_request_headers_kb</c>).</summary>
    public int MaxRequestHeadersKb { get; set; } = 60;

    /// <summary>Whether a request without <c>x-request-id</c> gets one, and one without <c>x-forwarded-proto</c> its scheme, as from Envoy's connection manager.</summary>
    public bool GenerateRequestId { get; set; } = true;

    /// <summary>Watches an exchange: called for each with its context; null is nothing to watch.</summary>
    public Func<HttpContext, IExchangeTrace?>? Trace { get; set; }
}
