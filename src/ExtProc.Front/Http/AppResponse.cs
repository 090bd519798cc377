using System.Globalization;
using System.IO.Pipelines;
using ExtProc.Front.Exchange;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Line = System.Collections.Generic.KeyValuePair<string, string>;

namespace ExtProc.Front.Http;

/// <summary>The response as the app makes it: all that it writes goes to the filter, and only what that lets go to the client.</summary>
internal sealed class AppResponse : IHttpResponseFeature, IHttpResponseBodyFeature, IHttpResponseTrailersFeature, IDisposable
{
    private readonly FrontExchange _exchange;
    private readonly IHttpResponseFeature _client;
    private readonly AppResponseBody _body, _behindWriter;
    private readonly bool _isHead;
    private readonly HeaderDictionary _headers = [];
    private List<(Func<object, Task> Callback, object State)>? _starting = [];
    private PipeWriter? _writer;
    private Task? _started;
    private int _status;

    public AppResponse(HttpContext context, FrontExchange exchange, CancellationToken aborted)
    {
        (_exchange, _client) = (exchange, context.Features.GetRequiredFeature<IHttpResponseFeature>());
        _isHead = HttpMethods.IsHead(context.Request.Method);
        _status = _client.StatusCode;
        foreach ((string name, var values) in _client.Headers)
        {
            _headers[name] = values; // what middleware before this one has set
        }

        _body = new(this, exchange, isBehindWriter: false, aborted);
        _behindWriter = new(this, exchange, isBehindWriter: true, aborted);
        Body = _body;
    }

    public int StatusCode
    {
        get => IsTheClients ? _client.StatusCode : _status;
        set
        {
            if (IsTheClients)
            {
                _client.StatusCode = value;
                return;
            }

            _status = HasStarted ? throw Started("StatusCode") : value;
        }
    }

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers
    {
        get => IsTheClients ? _client.Headers : _headers;
        set => throw new NotSupportedException();
    }

    public bool HasStarted
    {
        get => IsTheClients ? _client.HasStarted : field;
        private set;
    }

    public Stream Body { get; set; }

    public Stream Stream => _body;

    public PipeWriter Writer => _writer ??= PipeWriter.Create(_behindWriter, new StreamPipeWriterOptions(leaveOpen: true));

    public IHeaderDictionary Trailers { get; set; } = new HeaderDictionary();

    /// <summary>The response has no body by its method or status, or has said so.</summary>
    public bool IsBodyless { get; private set; }

    /// <summary>The app has made its whole response.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>
    /// Middleware before the front is asked, as the client's response starts, what it still wants to change; by the context it would find
    /// the app's response, which has long started.
    /// </summary>
    private bool IsTheClients => ClientResponse.Writing is { } writing && (writing == _exchange || _client is AppResponse { IsTheClients: true });

    public void OnStarting(Func<object, Task> callback, object state) => (_starting ?? throw Started("OnStarting")).Add((callback, state));

    public void OnCompleted(Func<object, Task> callback, object state) => _client.OnCompleted(callback, state);

    public void DisableBuffering()
    {
        // Nothing is buffered but what the mode demands.
    }

    /// <summary>The headers go to the filter, now that the body begins.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => StartAsync(end: false);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(_body, path, offset, count, cancellationToken);

    /// <summary>The app has made its whole response.</summary>
    public async Task CompleteAsync()
    {
        if (IsCompleted)
        {
            return;
        }

        if (_writer is not null)
        {
            await _writer.FlushAsync().ConfigureAwait(false);
        }

        IsCompleted = true;
        await StartAsync(end: Trailers.Count == 0).ConfigureAwait(false);
        if (IsBodyless)
        {
            return;
        }

        if (Trailers.Count > 0)
        {
            _exchange.Trailers(Direction.Response, HeaderLines.Of(Trailers));
        }
        else
        {
            _exchange.Data(Direction.Response, default, end: true);
        }
    }

    /// <summary>What was written to <see cref="Writer"/> and not flushed goes before what is written to the stream.</summary>
    public async ValueTask FlushWriterAsync(CancellationToken cancellation)
    {
        if (_writer is { CanGetUnflushedBytes: true, UnflushedBytes: > 0 })
        {
            await _writer.FlushAsync(cancellation).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _body.Dispose();
        _behindWriter.Dispose();
    }

    private Task StartAsync(bool end) => _started ??= BeginAsync(end);

    private async Task BeginAsync(bool end)
    {
        List<(Func<object, Task> Callback, object State)> starting = _starting!;
        for (int at = starting.Count - 1; at >= 0; at--)
        {
            await starting[at].Callback(starting[at].State).ConfigureAwait(false);
        }

        (_starting, HasStarted, _headers.IsReadOnly) = (null, true, true);
        IsBodyless = end || _isHead || _status is 204 or 304 or 205 || (_headers.ContentLength == 0 && Trailers.Count == 0);
        _exchange.Headers(Direction.Response, Lines(), IsBodyless, isUpgrade: _status == StatusCodes.Status101SwitchingProtocols);
    }

    private IEnumerable<Line> Lines() => HeaderLines.Of(_headers).Where(line => line.Key is not ("connection" or "keep-alive" or "proxy-connection"))
        .Prepend(new(":status", _status.ToString(CultureInfo.InvariantCulture)));

    private static InvalidOperationException Started(string what) => new($"{what} cannot be set: the response has already started");
}
