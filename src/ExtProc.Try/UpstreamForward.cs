using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace ExtProc.Try;

/// <summary>Forwards what the server let go to the upstream, as it comes; HTTP/2 where the upstream's TLS offers it, else HTTP/1.1.</summary>
internal sealed class UpstreamForward : IDisposable
{
    private static readonly ForwarderRequestConfig Config = new()
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        ActivityTimeout = TimeSpan.FromMinutes(5), // as Envoy's stream_idle_timeout
        AllowResponseBuffering = false,
    };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        ResponseHeaderEncodingSelector = (_, _) => Encoding.UTF8,
        EnableMultipleHttp2Connections = true,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });

    private readonly string _upstream;
    private readonly IHttpForwarder _forwarder;
    private readonly ILogger _log;
    private readonly AsItComes _transformer;

    /// <param name="upstream">Where requests go; the request's path is appended to its own.</param>
    /// <param name="port">The port of the front.</param>
    /// <param name="forwarder">YARP's.</param>
    /// <param name="log">Told when the upstream cannot be reached.</param>
    public UpstreamForward(Uri upstream, int port, IHttpForwarder forwarder, ILogger log) =>
        (_upstream, _forwarder, _log, _transformer) = (upstream.AbsoluteUri, forwarder, log, new(port));

    public async Task SendAsync(HttpContext context)
    {
        ForwarderError error = await _forwarder.SendAsync(context, _upstream, _client, Config, _transformer).ConfigureAwait(false);
        if (error is not (ForwarderError.None or ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyCanceled))
        {
            _log.UpstreamFailed(_upstream, error, context.Features.Get<IForwarderErrorFeature>()?.Exception?.GetBaseException().Message ?? "");
        }
    }

    public void Dispose() => _client.Dispose();

    private sealed class AsItComes(int port) : HttpTransformer
    {
        // An upstream that serves several hosts needs its own name where the client only named the front.
        public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken).ConfigureAwait(false);
            HostString host = httpContext.Request.Host;
            if ((host.Port ?? port) == (port == 0 ? httpContext.Connection.LocalPort : port) && host.Host is "localhost" or "127.0.0.1")
            {
                proxyRequest.Headers.Host = null;
            }
        }

        // YARP sends a head with the first bytes of its body, and the first event may be long in coming.
        public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
        {
            bool copiesBody = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken).ConfigureAwait(false);
            if (copiesBody && proxyResponse?.Content.Headers.ContentType?.MediaType == "text/event-stream")
            {
                await httpContext.Response.StartAsync(cancellationToken).ConfigureAwait(false);
            }

            return copiesBody;
        }
    }
}

/// <summary>What is logged of the upstream.</summary>
internal static partial class TryLog
{
    [LoggerMessage(1, LogLevel.Warning, "the upstream {Upstream} failed ({Error}): {Reason}")]
    public static partial void UpstreamFailed(this ILogger log, string upstream, ForwarderError error, string reason);
}
