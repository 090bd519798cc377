using ExtProc.Front.Exchange;
using ExtProc.Front.Filter;
using ExtProc.Front.Http;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Client = Envoy.Service.ExtProc.V3.ExternalProcessor.ExternalProcessorClient;

namespace ExtProc.Front;

/// <summary>Sends each exchange of the app's pipeline through the server: Envoy's ext_proc filter, in an app.</summary>
internal sealed class ExtProcMiddleware
{
    private readonly RequestDelegate _next;
    private readonly RequestDelegate? _route;
    private readonly ExtProcFilterOptions _options;
    private readonly FrontSettings _settings;
    private readonly Client _client;
    private readonly ILogger _log;

    /// <param name="next">The rest of the pipeline.</param>
    /// <param name="route">Chooses the endpoint; null: that comes behind, or never.</param>
    /// <param name="options">The settings.</param>
    /// <param name="channel">The channel to the server.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">The log.</param>
    public ExtProcMiddleware(RequestDelegate next, RequestDelegate? route, ExtProcFilterOptions options, GrpcChannel channel, TimeProvider time, ILogger log)
    {
        (_next, _route, _options, _log) = (next, route, options, log);
        _client = new(channel);
        TimeSpan grace = options.ObservabilityMode ? options.DeferredCloseTimeout : TimeSpan.FromSeconds(1);
        _settings = new(time, options.StreamIdleTimeout, grace, options.BufferBytes, options.AheadBytes);
    }

    public async Task InvokeAsync(HttpContext context)
    {
        ExtProcPerRoute? perRoute = context.GetEndpoint()?.Metadata.GetMetadata<ExtProcPerRoute>();
        if (perRoute is { Disabled: true })
        {
            await _next(context).ConfigureAwait(false);
            return;
        }

        if (context.Features.Get<IHttpWebSocketFeature>() is { IsWebSocketRequest: true })
        {
            throw new InvalidOperationException("UseWebSockets stands before UseExtProc, so that a WebSocket would go past the ext_proc server; put UseExtProc before it");
        }

        List<KeyValuePair<string, string>> lines = RequestLines.Of(context, _options.GenerateRequestId);
        var host = new ExchangeHost(context, _options, lines, _log);
        using var exchange = new FrontExchange(_settings, SettingsOf(context, perRoute, lines, host), host, stream => new ServerStream(_client, MetadataOf(perRoute), stream));
        var run = new ExchangeRun(context, exchange, host, lines, _next, _route);
        await run.RunAsync().ConfigureAwait(false);
    }

    private FilterSettings SettingsOf(HttpContext context, ExtProcPerRoute? perRoute, List<KeyValuePair<string, string>> lines, ExchangeHost host)
    {
        var attributes = new AttributeValues(context, lines, _settings.Time);
        return new()
        {
            Modes = perRoute?.ProcessingMode ?? _options.ProcessingMode,
            FilterModes = _options.ProcessingMode,
            Behavior = EnvoyBehavior.Of(_options.EnvoyVersion),
            FailureModeAllow = perRoute?.FailureModeAllow ?? _options.FailureModeAllow,
            StatusOnError = _options.StatusOnError,
            ObservabilityMode = _options.ObservabilityMode,
            SendBodyWithoutWaitingForHeaderResponse = _options.SendBodyWithoutWaitingForHeaderResponse,
            AllowModeOverride = _options.AllowModeOverride,
            AllowedOverrideModes = [.. _options.AllowedOverrideModes],
            MutationRules = _options.MutationRules,
            RouteCacheAction = _options.RouteCacheAction,
            DisableImmediateResponse = _options.DisableImmediateResponse,
            AllowContentLengthHeader = _options.AllowContentLengthHeader,
            MessageTimeout = _options.MessageTimeout,
            MaxMessageTimeout = _options.MaxMessageTimeout,
            HeaderCount = _options.MaxHeadersCount,
            HeaderBytes = _options.MaxRequestHeadersKb << 10,
            BufferBytes = _options.BufferBytes,
            IsForwarded = _options.ForwardRules.Allow,
            Attributes = direction => attributes.Of(
                direction is Direction.Request ? _options.RequestAttributes : _options.ResponseAttributes,
                direction is Direction.Request ? null : context.Response.StatusCode),
            Metadata = host.Forwarded,
        };
    }

    private Grpc.Core.Metadata MetadataOf(ExtProcPerRoute? perRoute)
    {
        var metadata = new Grpc.Core.Metadata();
        foreach ((string name, string value) in _options.InitialMetadata.Concat(perRoute?.GrpcInitialMetadata ?? new Dictionary<string, string>()))
        {
            metadata.Add(name, value);
        }

        return metadata;
    }
}
