using System.IO.Pipelines;
using ExtProc.Transport.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace ExtProc.Transport;

/// <summary>
/// Runs calls: checks the request, lifts the limits that are meant for web pages, runs the handler, and ends the call with exactly
/// one status. The seam: a handler sees a reader, a writer and a call, nothing of HTTP.
/// </summary>
internal sealed class GrpcServer(
    GrpcTransportOptions options, TransportBudget budget, TimeProvider time, ILogger<GrpcServer> log)
{
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(500);

    // How long to wait for a peer to end its side while memory is scarce.
    private static readonly TimeSpan ShortOfMemory = TimeSpan.FromMilliseconds(200);

    /// <summary>The calls that run now.</summary>
    public LiveCalls Calls => budget.Calls;

    /// <summary>Whether Kestrel is about to send GOAWAY, or has.</summary>
    public bool Leaving { get; set; }

    /// <summary>What ASP.NET Core's routing calls for one gRPC method, whose messages may have so many bytes at most.</summary>
    public RequestDelegate For(GrpcHandler handler, int requestBytes = int.MaxValue)
    {
        GrpcReaderLimits limits = new(Math.Min(requestBytes, options.ReceiveLimitBytes), options.InflatedRatio);
        return context => RunAsync(context, handler, limits);
    }

    /// <summary>Answers a method that is not served here.</summary>
    public async Task UnimplementedAsync(HttpContext context)
    {
        using StreamCost cost = CostOf(context);
        Refusal refusal = GrpcRequest.Read(context.Request, out _)
            ?? Refusal.Of(GrpcStatusCode.Unimplemented, "no such method here");
        await RefuseAsync(context, refusal).ConfigureAwait(false);
    }

    /// <summary>Counts a stream in the memory budget, until it is disposed of at the end of the request.</summary>
    public StreamCost CostOf(HttpContext context) => new(context, budget, time);

    /// <summary>Answers a request that is not a gRPC call, with a sentence.</summary>
    public async Task SayAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        UntakenBytes untaken = new(context.Features.Get<GuardedConnection>());
        await untaken.Count(() => context.Response.WriteAsync(text + "\n")).ConfigureAwait(false);
        await budget.Untaken.UntilTakenAsync(context, untaken).ConfigureAwait(false);
    }

    private async Task RunAsync(HttpContext context, GrpcHandler handler, GrpcReaderLimits limits)
    {
        using StreamCost cost = CostOf(context);

        // 1. Is it gRPC, and in time?
        if (GrpcRequest.Read(context.Request, out GrpcRequest request) is { } refusal)
        {
            await RefuseAsync(context, refusal).ConfigureAwait(false);
            return;
        }

        // 2. A stream may be long, large and slow.
        LiftLimits(context);
        context.Response.ContentType = "application/grpc";

        // 3. The handler's turn, when there is room for it. Those that wait can be ended like others: data may come for them already.
        using var call = new HttpGrpcCall(context, request, time, limits, budget, cost.Connection) { StreamBytes = cost.Bytes };
        cost.Connection?.BeginCall();
        budget.Calls.Add(call);
        GrpcException? failure;
        try
        {
            call.HasBegun = await budget.HasRoomAsync(call).ConfigureAwait(false);
            failure = call.HasBegun
                ? await FailureOfAsync(handler, call, context).ConfigureAwait(false)
                : NoRoom(call, context);
        }
        finally
        {
            budget.Calls.Remove(call);
            budget.Waiting.Forget(call);
            cost.Connection?.EndCall();
            call.Dispose();
        }

        // 4. One status, unless the peer is gone.
        call.Reader.Dispose();
        cost.PeerIsDone |= call.Reader.Ended || call.Reader.PeerGone;
        if (!call.Reader.PeerGone)
        {
            if (failure is null)
            {
                // Otherwise the handler may have stopped in the middle of a message.
                call.Writer.Commit();
            }

            SetStatus(context.Response, call.Writer.Started, failure?.Code ?? GrpcStatusCode.Ok, failure?.Message);
            await FinishAsync(context, cost).ConfigureAwait(false);
            await budget.Untaken.UntilTakenAsync(context, call.Writer.Untaken).ConfigureAwait(false);
            if (Leaving)
            {
                await LingerAsync(context).ConfigureAwait(false);
            }
        }
    }

    private GrpcException NoRoom(HttpGrpcCall call, HttpContext context)
    {
        if (call.Verdict is null)
        {
            budget.Relief.Add(ReliefRule.NoRoom);
        }

        var failure = call.Verdict ?? new GrpcException(GrpcStatusCode.ResourceExhausted, $"{budget.UsedUp}; try again later");
        log.Refused(context.Request.Path, failure.Message);
        return failure;
    }

    // The one place where what a handler throws becomes a status.
    private async Task<GrpcException?> FailureOfAsync(GrpcHandler handler, HttpGrpcCall call, HttpContext context)
    {
        try
        {
            await handler(call.Reader, call.Writer, call).ConfigureAwait(false);
            return call.Verdict;
        }
        catch (GrpcException failure)
        {
            failure = call.Verdict ?? failure;
            log.Ended(context.Request.Path, failure.Code, failure.Message);
            return failure;
        }
        catch (Exception) when (call.Verdict is not null)
        {
            log.Ended(context.Request.Path, call.Verdict.Code, call.Verdict.Message);
            return call.Verdict;
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException
            && (call.Reader.PeerGone || context.RequestAborted.IsCancellationRequested))
        {
            return new GrpcException(GrpcStatusCode.Cancelled, "the peer reset the stream");
        }
        catch (OperationCanceledException)
        {
            return new GrpcException(GrpcStatusCode.Cancelled, "the server gave the call up");
        }
        catch (Exception bug)
        {
            log.HandlerFailed(context.Request.Path, bug);
            return new GrpcException(GrpcStatusCode.Unknown, "the server failed; its log says how");
        }
    }

    // A reset of the stream while the peer still sends is held against the connection by Kestrel, and some peers drop a status that
    // comes before they are done. So the status goes first, then the rest is read and thrown away, up to a bound.
    private async Task FinishAsync(HttpContext context, StreamCost cost)
    {
        if (cost.PeerIsDone)
        {
            return;
        }

        await context.Response.CompleteAsync().ConfigureAwait(false);
        if (!(cost.IsLarge && budget.Exhausted))
        {
            cost.PeerIsDone = await DiscardAsync(context.Request.BodyReader).ConfigureAwait(false);
        }
    }

    // After GOAWAY Kestrel closes a connection with its last stream, though the next one may be on its way from a peer that has not heard
    // of it yet (RFC 9113, 6.8). Its status has left; only Kestrel believes that the stream goes on.
    private async Task LingerAsync(HttpContext context)
    {
        await context.Response.CompleteAsync().ConfigureAwait(false);
        await Task.Delay(Linger, time, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Whether the peer has ended the stream, or reset it.
    private async Task<bool> DiscardAsync(PipeReader input)
    {
        CancellationTokenSource? giveUp = null;
        try
        {
            for (long left = options.DiscardLimitBytes; left > 0;)
            {
                if (!input.TryRead(out ReadResult read))
                {
                    giveUp ??= new CancellationTokenSource(budget.Pressed ? ShortOfMemory : options.DiscardTimeout, time);
                    read = await input.ReadAsync(giveUp.Token).ConfigureAwait(false);
                }

                left -= read.Buffer.Length;
                input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return true;
                }
            }

            return false;
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The peer has reset the stream, or takes too long to end it: Kestrel resets it.
            return giveUp is not { IsCancellationRequested: true };
        }
        finally
        {
            giveUp?.Dispose();
        }
    }

    private Task RefuseAsync(HttpContext context, Refusal refusal)
    {
        log.Refused(context.Request.Path, refusal.Message);
        HttpResponse response = context.Response;
        if (refusal.HttpStatus != StatusCodes.Status200OK)
        {
            if (refusal.HttpStatus == StatusCodes.Status405MethodNotAllowed)
            {
                response.Headers.Allow = HttpMethods.Post;
            }

            return SayAsync(context, refusal.HttpStatus, refusal.Message);
        }

        response.ContentType = "application/grpc";
        if (refusal.Code is GrpcStatusCode.Unimplemented)
        {
            response.Headers.GrpcAcceptEncoding = GrpcRequest.AcceptedEncodings;
        }

        SetStatus(response, started: false, refusal.Code, refusal.Message);
        return Task.CompletedTask;
    }

    // Without a message the status stands in the only block of headers ("trailers-only").
    private static void SetStatus(HttpResponse response, bool started, GrpcStatusCode code, string? message)
    {
        IHeaderDictionary trailers = started
            ? response.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
            : response.Headers;
        trailers.GrpcStatus = StatusText(code);
        if (!string.IsNullOrEmpty(message))
        {
            trailers.GrpcMessage = GrpcMessageText.Encode(message);
        }
    }

    private static string StatusText(GrpcStatusCode code) => code is GrpcStatusCode.Ok
        ? "0"
        : ((int)code).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static void LiftLimits(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } requestRate)
        {
            requestRate.MinDataRate = null;
        }

        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } responseRate)
        {
            responseRate.MinDataRate = null;
        }
    }
}
