using ExtProc.Configuration;
using Google.Protobuf.WellKnownTypes;

namespace ExtProc;

/// <summary>
/// One HTTP request and its response through Envoy. Made for one exchange and never reused: used after the exchange is over, it
/// still shows this one and no other.
/// </summary>
public sealed class Exchange
{
    private const int MostNotes = 100, MostNoteLetters = 1000;

    private readonly EnvoyDeclaration _envoy;
    private readonly ExchangeLimits _limits;
    private readonly IExchangeHost _host;
    private HeaderMap? _requestTrailers, _responseTrailers;
    private Dictionary<System.Type, object>? _items;
    private Struct? _metadata;

    internal Exchange(IExchangeHost host, EnvoyDeclaration envoy, ExchangeLimits limits)
    {
        (_host, _envoy, _limits) = (host, envoy, limits);
        RequestHeaders = new(RequestHeaderRules = new("request headers", envoy.MutationRules, limits, this));
        ResponseHeaders = new(ResponseHeaderRules = new("response headers", envoy.MutationRules, limits, this));
    }

    /// <summary>The request's headers; readable in all later phases, with the changes made so far.</summary>
    public HeaderMap RequestHeaders { get; }

    /// <summary>The request's trailers.</summary>
    public HeaderMap RequestTrailers => _requestTrailers ??= NewTrailers("request trailers");

    /// <summary>The response's headers.</summary>
    public HeaderMap ResponseHeaders { get; }

    /// <summary>The response's trailers.</summary>
    public HeaderMap ResponseTrailers => _responseTrailers ??= NewTrailers("response trailers");

    /// <summary>Envoy's <c>x-request-id</c>; empty when it did not come.</summary>
    public string Id => RequestHeaders["x-request-id"] ?? "";

    /// <summary>The request's method; empty when request headers did not come.</summary>
    public string Method => RequestHeaders[":method"] ?? "";

    /// <summary>The request's path with its query; empty when request headers did not come.</summary>
    public string Path => RequestHeaders[":path"] ?? "";

    /// <summary>The response's status, once it has come.</summary>
    public int? Status => int.TryParse(ResponseHeaders[":status"], out int status) ? status : null;

    /// <summary>Whether the request is gRPC, by its content-type; gRPC-Web is not, and Envoy answers it like any other request.</summary>
    public bool IsGrpc => !RequestHeaders.IsLongerThan("content-type", MediaType.MostBytes) && RequestHeaders["content-type"] is { } type
        && MediaType.Parse(type)?.Name is { } name && (name == "application/grpc" || name.StartsWith("application/grpc+", StringComparison.Ordinal));

    /// <summary>Whether Envoy only shows this exchange and takes no changes (observability mode).</summary>
    public bool IsObserved => _host.IsObserved;

    /// <summary>
    /// Whether nobody sent this exchange: the server plays some through its processors before it is ready, so that their code is loaded
    /// and compiled when the first client comes (<see cref="RehearsalOptions"/>). It is not counted, not logged, and ends without
    /// <see cref="Processor.OnCompletedAsync"/>. A handler that has effects elsewhere (bills, counts, asks another service) leaves them out.
    /// </summary>
    public bool IsRehearsal => _host.IsRehearsal;

    /// <summary>Whether <see cref="Verdict.Respond(LocalResponse)"/> still reaches the client: the response's headers have not gone.</summary>
    public bool CanRespond => _host.CanRespond;

    /// <summary>
    /// What is left of the time for this call of a handler: <c>limits.handlerTimeout</c>, or Envoy's declared <c>message_timeout</c> where
    /// that runs (not in full duplex) and ends first. Zero when it is over.
    /// </summary>
    public TimeSpan TimeLeft => _host.TimeLeft;

    /// <summary>How Envoy sends bodies of a direction in this exchange; <see langword="null"/> when it did not say and it is not declared.</summary>
    public BodySendMode? BodyMode(Direction direction) => _host.BodyMode(direction);

    /// <summary>What was noted so far.</summary>
    public IReadOnlyList<string> Notes { get; private set; } = [];

    internal HeaderChangeRules RequestHeaderRules { get; }

    internal HeaderChangeRules ResponseHeaderRules { get; }

    internal bool ClearRouteCache { get; private set; }

    internal bool WasRouted { get; private set; }

    internal bool HasResponseStarted => _host.HasResponseStarted;

    internal bool WroteMetadata => _metadata is not null;

    /// <summary>Why the processor whose turn it is may change nothing; null when it may.</summary>
    internal string? NoChanges { get; set; }

    /// <summary>Values of metadata set so far.</summary>
    internal int MetadataWrites { get; private set; }

    /// <summary>The metadata to send, when some was set since it was last taken.</summary>
    internal Struct? UnsentMetadata { get; private set; }

    /// <summary>
    /// An attribute of this exchange, such as <c>request.path</c> or <c>source.address</c>. Envoy sends those that
    /// <c>request_attributes</c> and <c>response_attributes</c> of its configuration name.
    /// </summary>
    public EnvoyValue Attribute(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        foreach (Struct attributes in _host.Attributes())
        {
            if (attributes.Fields.TryGetValue(name, out Value? value))
            {
                return EnvoyValue.Of(value);
            }
        }

        bool declared = _envoy.RequestAttributes?.Contains(name) is true || _envoy.ResponseAttributes?.Contains(name) is true;
        return declared ? EnvoyValue.Absent : EnvoyValue.NotSent;
    }

    /// <summary>A value of dynamic metadata that Envoy forwarded.</summary>
    /// <param name="filterNamespace">The namespace, such as <c>envoy.filters.http.jwt_authn</c>.</param>
    /// <param name="path">The keys down to the value.</param>
    public EnvoyValue Metadata(string filterNamespace, params string[] path)
    {
        ArgumentException.ThrowIfNullOrEmpty(filterNamespace);
        ArgumentNullException.ThrowIfNull(path);
        if (_host.Metadata(filterNamespace) is not { } fields)
        {
            return _envoy.ForwardingNamespaces?.Contains(filterNamespace) is true ? EnvoyValue.Absent : EnvoyValue.NotSent;
        }

        Value value = Value.ForStruct(fields);
        foreach (string key in path)
        {
            if (value.StructValue is not { } inner || !inner.Fields.TryGetValue(key, out value!))
            {
                return EnvoyValue.Absent;
            }
        }

        return EnvoyValue.Of(value);
    }

    /// <summary>
    /// Sets a value of dynamic metadata, sent with the next reply after this handler's part. Envoy takes only the namespaces that its configuration lets in
    /// (<c>metadata_options.receiving_namespaces</c>).
    /// </summary>
    /// <param name="filterNamespace">The namespace.</param>
    /// <param name="key">The key in it.</param>
    /// <param name="value">A string, a number, a bool, or <see langword="null"/>.</param>
    public void SetMetadata(string filterNamespace, string key, object? value)
    {
        ArgumentException.ThrowIfNullOrEmpty(filterNamespace);
        ArgumentException.ThrowIfNullOrEmpty(key);
        RequireChangeable();
        if (_envoy.ReceivingNamespaces is { } receiving && !receiving.Contains(filterNamespace))
        {
            throw new ExchangeRefusedException(Reasons.ChangeWithoutEffect, $"Envoy is declared to take no metadata of \"{filterNamespace}\"; add it to metadata_options.receiving_namespaces.untyped and to envoy.receivingNamespaces");
        }

        // Envoy keeps the last answer's value of a namespace, so all of it is sent each time.
        _metadata ??= new Struct();
        if (!_metadata.Fields.TryGetValue(filterNamespace, out Value? fields))
        {
            _metadata.Fields[filterNamespace] = fields = Value.ForStruct(new Struct());
        }

        fields.StructValue.Fields[key] = value switch
        {
            null => Value.ForNull(),
            string text => Value.ForString(text),
            bool flag => Value.ForBool(flag),
            IConvertible number => Value.ForNumber(number.ToDouble(System.Globalization.CultureInfo.InvariantCulture)),
            _ => throw new ArgumentException($"metadata takes strings, numbers and bools, not {value.GetType().Name}", nameof(value)),
        };
        UnsentMetadata = _metadata;
        MetadataWrites++;
    }

    /// <summary>
    /// Sets a request header and has Envoy choose the route again, with it. One call, because Envoy ignores the second without the
    /// first.
    /// </summary>
    /// <exception cref="ExchangeRefusedException">The request headers have gone, or Envoy is declared to keep its route.</exception>
    public void RouteBy(string header, string value)
    {
        if (_envoy.RouteCacheAction is RouteCacheAction.Retain)
        {
            throw new ExchangeRefusedException(Reasons.ChangeWithoutEffect, "Envoy is declared to keep its route (route_cache_action: RETAIN)");
        }

        RequestHeaders.Set(header, value);
        ClearRouteCache = WasRouted = true;
    }

    /// <summary>
    /// Asks Envoy for more time for this part, once. It takes only what <c>max_message_timeout</c> allows, and runs no timer in full
    /// duplex, where there is nothing to extend.
    /// </summary>
    /// <returns>Whether the request was sent.</returns>
    public bool TryExtendTime(TimeSpan time) => _host.TryExtendTime(time);

    /// <summary>
    /// Adds to the exchange's decision notes: log line, and whoever looks at the exchange. After 100 notes no more are kept, and of one no
    /// more than 1,000 letters: they may be made from what a peer sends, and stay until the exchange ends.
    /// </summary>
    public void Note(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Notes.Count < MostNotes)
        {
            // Whoever reads them meanwhile has a list that does not change.
            Notes = [.. Notes, Notes.Count == MostNotes - 1 ? "more was noted" : text.Length > MostNoteLetters ? $"{text[..MostNoteLetters]}..." : text];
        }
    }

    /// <summary>Keeps something for later phases and other processors, by its type.</summary>
    public void Set<T>(T item) where T : notnull => (_items ??= [])[typeof(T)] = item;

    /// <summary>What was kept under that type, or the type's default.</summary>
    public T? Get<T>() => _items is not null && _items.TryGetValue(typeof(T), out object? item) ? (T)item : default;

    /// <summary>Request id, method, path without its query, and status, as far as they have come; <c>-</c> for what has not.</summary>
    public override string ToString()
    {
        string path = Path.Split('?')[0];
        return $"{Known(Id)} {Known(Method)} {Known(path)} {Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-"}{(IsRehearsal ? " (rehearsal)" : "")}";

        static string Known(string text) => text.Length == 0 ? "-" : text;
    }

    internal HeaderMap Headers(Direction direction) => direction is Direction.Request ? RequestHeaders : ResponseHeaders;

    // Most exchanges have none.
    private HeaderMap NewTrailers(string what) => new(new(what, _envoy.MutationRules, _limits, this));

    internal HeaderMap Trailers(Direction direction) => direction is Direction.Request ? RequestTrailers : ResponseTrailers;

    internal HeaderChangeRules HeaderRulesOf(Direction direction) => direction is Direction.Request ? RequestHeaderRules : ResponseHeaderRules;

    /// <exception cref="ExchangeRefusedException">The processor promised to change nothing.</exception>
    internal void RequireChangeable()
    {
        if (NoChanges is { } why)
        {
            throw new ExchangeRefusedException(Reasons.ChangeWithoutEffect, why);
        }
    }

    internal Struct? TakeUnsentMetadata()
    {
        Struct? unsent = UnsentMetadata;
        UnsentMetadata = null;
        return unsent;
    }

    internal bool TakeClearRouteCache()
    {
        bool clear = ClearRouteCache;
        ClearRouteCache = false;
        return clear;
    }
}

/// <summary>What an exchange asks of the session that runs it.</summary>
internal interface IExchangeHost
{
    bool IsObserved { get; }

    bool IsRehearsal => false;

    bool CanRespond { get; }

    bool HasResponseStarted { get; }

    TimeSpan TimeLeft { get; }

    BodySendMode? BodyMode(Direction direction);

    bool TryExtendTime(TimeSpan time);

    IEnumerable<Struct> Attributes();

    Struct? Metadata(string filterNamespace);
}
