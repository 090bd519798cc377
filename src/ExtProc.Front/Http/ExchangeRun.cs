using System.Threading.Channels;
using ExtProc.Front.Exchange;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http;

namespace ExtProc.Front.Http;

/// <summary>
/// Runs one exchange: the client's request is read, the app answers it, and the client is written to, all three at once. It is over
/// when the client has its response and the app has returned, which is told to be quick where its response goes nowhere.
/// </summary>
internal sealed class ExchangeRun(HttpContext context, FrontExchange exchange, ExchangeHost host, List<KeyValuePair<string, string>> lines, RequestDelegate next, RequestDelegate? route)
{
    private readonly IHttpRequestBodyDetectionFeature? _detection = context.Features.Get<IHttpRequestBodyDetectionFeature>();
    private readonly Tunnel _tunnel = new(context, exchange);
    private readonly CancellationToken _clientGone = context.RequestAborted;
    private Func<bool> _hasAppCompleted = () => false;
    private volatile bool _hasAppReturned;

    public async Task RunAsync()
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(_clientGone);
        using CancellationTokenRegistration abort = _clientGone.UnsafeRegister(state => ((ExchangeHost)state!).AbortApp(), host);
        var response = new ClientResponse(context, exchange, _tunnel);
        var request = new ClientRequest(context, exchange);
        bool hasBody = _detection?.CanHaveBody ?? context.Request.ContentLength is not 0;
        exchange.Headers(Direction.Request, lines, end: !hasBody && !_tunnel.IsPossible, _tunnel.IsUpgrade);
        Task reading = _tunnel.IsPossible ? ReadAsync(_tunnel.ReadAsync, over.Token) : hasBody ? ReadAsync(request.ReadAsync, over.Token) : Task.CompletedTask;
        Task writing = response.WriteAsync(over.Token);
        Task app = AppAsync(over.Token);
        try
        {
            await writing.ConfigureAwait(false);
            if (!_hasAppReturned)
            {
                await response.CompleteAsync().ConfigureAwait(false);
            }

            if (_hasAppCompleted() && !exchange.IsAnswered)
            {
                await app.ConfigureAwait(false); // it may still read its request
            }
        }
        catch (OperationCanceledException) when (_clientGone.IsCancellationRequested)
        {
            // Nobody is there to be answered.
        }
        finally
        {
            exchange.Dispose();
            await over.CancelAsync().ConfigureAwait(false);
            if (!_hasAppReturned)
            {
                host.AbortApp();
            }

            await app.ConfigureAwait(false);
            await reading.ConfigureAwait(false);
            host.Trace?.Ended(response.Status);
        }
    }

    /// <summary>Reads until the end, or until nobody wants more. What goes wrong there ends the request for the app.</summary>
    private async Task ReadAsync(Func<CancellationToken, Task> read, CancellationToken over)
    {
        try
        {
            await read(over).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The exchange is over.
        }
        catch (Exception broken) when (broken is IOException or BadHttpRequestException or OperationCanceledException)
        {
            exchange.ToApp.Fail(broken);
            if (broken is BadHttpRequestException)
            {
                exchange.ToClient.Fail(broken); // its status is the server's to send
            }
        }
    }

    private async Task AppAsync(CancellationToken over)
    {
        try
        {
            MessagePart headers = await exchange.ToApp.NextAsync(over).ConfigureAwait(false);
            if (headers.Kind is PartKind.Headers)
            {
                await RunAppAsync(headers).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested || host.AppAborted.IsCancellationRequested)
        {
            // Answered without the app, or for nobody.
        }
        catch (Exception) when (host.AppAborted.IsCancellationRequested)
        {
            // The app's answer goes nowhere, and so does what became of it.
        }
        catch (Exception failure)
        {
            if (!exchange.ToClient.Fail(failure is ChannelClosedException { InnerException: { } inner } ? inner : failure))
            {
                throw; // the client has its response, but the failure is not to be lost
            }
        }
    }

    private async Task RunAppAsync(MessagePart headers)
    {
        using var body = new AppRequestBody(exchange.ToApp, host.AppAborted.Token);
        var request = new AppRequest(context, body, host.AppAborted.Token);
        using var response = new AppResponse(context, exchange, host.AppAborted.Token);
        _hasAppCompleted = () => response.IsCompleted;
        request.Take(headers.Lines, HeaderLines.Last(lines, ":path") ?? "", hasBody: !headers.End && !_tunnel.IsPossible);
        if (headers.End)
        {
            body.End();
        }

        using var features = new SwappedFeatures(context.Features, request, response, _tunnel.IsPossible ? new AppTunnel(_tunnel, body, response) : null);
        if (exchange.ClearsRoute && route is not null)
        {
            context.SetEndpoint(null);
            context.Request.RouteValues.Clear();
            await route(context).ConfigureAwait(false);
        }

        await next(context).ConfigureAwait(false);
        _hasAppReturned = true;
        await response.CompleteAsync().ConfigureAwait(false);
    }
}
