using System.Globalization;
using System.Threading.Channels;
using ExtProc.Front.Exchange;
using ExtProc.Front.Filter;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http;
using Line = System.Collections.Generic.KeyValuePair<string, string>;

namespace ExtProc.Front.Http;

/// <summary>Writes to the client what the filter lets go of the response, as it comes.</summary>
internal sealed class ClientResponse(HttpContext context, FrontExchange exchange, Tunnel tunnel)
{
    private const int InternalError = 2; // RFC 9113, section 7

    private static readonly AsyncLocal<FrontExchange?> Current = new();

    private readonly Outlet _outlet = exchange.ToClient;
    private readonly IHttpResponseFeature _response = context.Features.GetRequiredFeature<IHttpResponseFeature>();
    private readonly IHttpResponseBodyFeature _body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
    private readonly IHttpRequestLifetimeFeature _lifetime = context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
    private readonly IHttpResponseTrailersFeature? _trailers = context.Features.Get<IHttpResponseTrailersFeature>();
    private readonly IHttpResetFeature? _reset = context.Features.Get<IHttpResetFeature>();
    // What middleware before the front has put around the server's own body may keep what it is given until it is flushed.
    private readonly bool _keeps = !ReferenceEquals(context.Features.Get<IHttpResponseBodyFeature>(), context.Features.Get<IHttpResponseFeature>());
    private Stream? _tunnel;
    private bool _isBodyless;

    /// <summary>The exchange whose client is written to by whoever asks; null: that one does not.</summary>
    public static FrontExchange? Writing => Current.Value;

    /// <summary>The status that the client got; 0: none.</summary>
    public int Status { get; private set; }

    /// <summary>Writes until the end.</summary>
    /// <exception cref="Exception">What the app threw before its response began.</exception>
    public async Task WriteAsync(CancellationToken cancellation)
    {
        Current.Value = exchange; // for this method and what it calls
        try
        {
            bool isAtEnd = false;
            while (!isAtEnd)
            {
                MessagePart part = await _outlet.NextAsync(cancellation).ConfigureAwait(false);
                await WriteAsync(part, cancellation).ConfigureAwait(false);
                isAtEnd = part.End;
            }
        }
        catch (ChannelClosedException closed) when (closed.InnerException is { } failure)
        {
            if (_response.HasStarted)
            {
                BreakOff();
            }

            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Ends the response for the client before the pipeline has returned.</summary>
    public Task CompleteAsync() => _body.CompleteAsync();

    private async Task WriteAsync(MessagePart part, CancellationToken cancellation)
    {
        switch (part.Kind)
        {
            case PartKind.Headers:
                await BeginAsync(part, cancellation).ConfigureAwait(false);
                break;
            case PartKind.Data when part.Bytes.Length > 0 && !_isBodyless:
                await WriteAsync(part.Bytes, cancellation).ConfigureAwait(false);
                break;
            case PartKind.Trailers when _trailers is not null:
                HeaderLines.Put(_trailers.Trailers, part.Lines);
                break;
            case PartKind.Reply:
                await ReplyAsync(part.Reply!, cancellation).ConfigureAwait(false);
                break;
            case PartKind.Reset:
                BreakOff();
                break;
        }
    }

    private async Task BeginAsync(MessagePart headers, CancellationToken cancellation)
    {
        Put(headers.Lines, headers.IsLocal);
        if (tunnel.IsAccepted && Status is StatusCodes.Status101SwitchingProtocols or StatusCodes.Status200OK)
        {
            _tunnel = await tunnel.OpenAsync().ConfigureAwait(false);
        }
        else if (!headers.End)
        {
            await _body.StartAsync(cancellation).ConfigureAwait(false);
            await _body.Writer.FlushAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        Stream stream = _tunnel ?? _body.Stream;
        await stream.WriteAsync(bytes, cancellation).ConfigureAwait(false);
        if (_tunnel is not null || (_keeps && _outlet.IsEmpty))
        {
            await stream.FlushAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async Task ReplyAsync(LocalReply reply, CancellationToken cancellation)
    {
        Put([new(":status", reply.Status.ToString(CultureInfo.InvariantCulture)), .. reply.Lines], isLocal: true);
        if (reply.Body.Length > 0 && !_isBodyless)
        {
            await _body.Stream.WriteAsync(reply.Body, cancellation).ConfigureAwait(false);
        }
    }

    private void Put(IReadOnlyList<Line> lines, bool isLocal)
    {
        // What middleware before the front has set stays; where the response is the app's, the app was shown it, and it is among the lines.
        Line[] before = isLocal ? [.. HeaderLines.Of(_response.Headers).Where(line => !lines.Any(own => own.Key == line.Key))] : [];
        Status = int.TryParse(HeaderLines.Last(lines, ":status"), NumberStyles.None, CultureInfo.InvariantCulture, out int status) ? status : StatusCodes.Status502BadGateway;
        _isBodyless = Status is 204 or 205 or 304;
        _response.StatusCode = Status;
        _response.Headers.Clear();

        // Chunks are the connection's own affair.
        HeaderLines.Put(_response.Headers, lines.Where(line => line.Key != "transfer-encoding" && !(_isBodyless && Status != 304 && line.Key == "content-length")));
        HeaderLines.Put(_response.Headers, before);
    }

    private void BreakOff()
    {
        if (_reset is not null)
        {
            _reset.Reset(InternalError);
        }
        else
        {
            _lifetime.Abort();
        }
    }
}
