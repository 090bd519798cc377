using Envoy.Config.Core.V3;
using ExtProc.Front.Exchange;
using ExtProc.Front.Filter;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ExtProc.Front.Http;

/// <summary>What an exchange has to do with its app: the log, dynamic metadata, and whether the app's part is over.</summary>
internal sealed class ExchangeHost : IFrontHost
{
    private readonly DynamicMetadata? _metadata;
    private readonly ExtProcFilterOptions _options;
    private readonly ILogger _log;
    private readonly string _name;
    private readonly IHttpRequestLifetimeFeature _lifetime;

    public ExchangeHost(HttpContext context, ExtProcFilterOptions options, IReadOnlyList<KeyValuePair<string, string>> lines, ILogger log)
    {
        (_options, _log) = (options, log);
        _metadata = options.ForwardingNamespaces.Count + options.ReceivingNamespaces.Count > 0 ? context.GetDynamicMetadata() : null; // features are the app's thread's
        _name = HeaderLines.Last(lines, "x-request-id") ?? context.TraceIdentifier;
        _lifetime = context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        Trace = options.Trace?.Invoke(context);
    }

    public IExchangeTrace? Trace { get; }

    /// <summary>Cancelled when the app's part is over.</summary>
    public CancellationTokenSource AppAborted { get; } = new();

    // Never on the thread of the exchange: what the app does about it may take its time.
    public void AbortApp() => _ = AppAborted.CancelAsync();

    public void AbortClient() => _lifetime.Abort();

    public void Write(Struct metadata)
    {
        foreach ((string name, Value value) in metadata.Fields.Where(field => _options.ReceivingNamespaces.Contains(field.Key)))
        {
            _metadata![name] = value.StructValue ?? new(); // as Envoy: what is not an object becomes an empty one
        }
    }

    /// <summary>What the server is sent of the metadata.</summary>
    public Metadata Forwarded()
    {
        var metadata = new Metadata();
        foreach (string name in _options.ForwardingNamespaces)
        {
            if (_metadata![name] is { } fields)
            {
                metadata.FilterMetadata[name] = fields;
            }
        }

        return metadata;
    }

    public void Decided(FilterOutcome outcome, string details)
    {
        if (outcome is not FilterOutcome.Responded)
        {
            _log.ServerFailed(_name, outcome, details);
        }
    }

    public void Violated(string what) => _log.Violated(_name, what);
}
