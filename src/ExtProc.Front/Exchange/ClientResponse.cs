using System.Globalization;
using System.Threading.Channels;
using ExtProc.Front.Filter;
using ExtProc.Front.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Line = System.Collections.Generic.KeyValuePair<string, string>;

namespace ExtProc.Front.Exchange;

/// <summary>Writes to the client what the filter lets go of the response, as it comes.</summary>
internal sealed class ClientResponse(HttpContext context, Outlet outlet)
{
    private const int InternalError = 2; // RFC 9113, section 7

    private readonly IHttpResponseFeature _response = context.Features.GetRequiredFeature<IHttpResponseFeature>();
    private readonly IHttpResponseBodyFeature _body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
    private readonly IHttpRequestLifetimeFeature _lifetime = context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
    private readonly IHttpResponseTrailersFeature? _trailers = context.Features.Get<IHttpResponseTrailersFeature>();
    private readonly IHttpResetFeature? _reset = context.Features.Get<IHttpResetFeature>();
    private bool _isBodyless;

    /// <summary>The status that the client got; 0: none.</summary>
    public int Status { get; private set; }

    /// <exception cref="Exception">What the app threw before its response began.</exception>
    public async Task WriteAsync(CancellationToken cancellation)
    {
        try
        {
            bool isAtEnd = false;
            while (!isAtEnd)
            {
                MessagePart part = await outlet.NextAsync(cancellation).ConfigureAwait(false);
                await WriteAsync(part, cancellation).ConfigureAwait(false);
                isAtEnd = part.End;
            }

            await _body.CompleteAsync().ConfigureAwait(false);
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

    private async Task WriteAsync(MessagePart part, CancellationToken cancellation)
    {
        switch (part.Kind)
        {
            case PartKind.Headers:
                Put(part.Lines);
                if (!part.End)
                {
                    await _body.StartAsync(cancellation).ConfigureAwait(false);
                    await _body.Writer.FlushAsync(cancellation).ConfigureAwait(false);
                }

                break;
            case PartKind.Data when part.Bytes.Length > 0 && !_isBodyless:
                await _body.Stream.WriteAsync(part.Bytes, cancellation).ConfigureAwait(false);
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

    private async Task ReplyAsync(LocalReply reply, CancellationToken cancellation)
    {
        Put([new(":status", reply.Status.ToString(CultureInfo.InvariantCulture)), .. reply.Lines]);
        if (reply.Body.Length > 0 && !_isBodyless)
        {
            await _body.Stream.WriteAsync(reply.Body, cancellation).ConfigureAwait(false);
        }
    }

    private void Put(IReadOnlyList<Line> lines)
    {
        Status = int.TryParse(HeaderLines.Last(lines, ":status"), NumberStyles.None, CultureInfo.InvariantCulture, out int status) ? status : StatusCodes.Status502BadGateway;
        _isBodyless = Status is 204 or 205 or 304;
        _response.StatusCode = Status;
        _response.Headers.Clear();

        // Chunks are the connection's own affair.
        HeaderLines.Put(_response.Headers, lines.Where(line => line.Key != "transfer-encoding" && !(_isBodyless && Status != 304 && line.Key == "content-length")));
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
