using System.IO.Pipelines;
using ExtProc.Transport.Connections;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace ExtProc.Transport;

/// <summary>
/// What surrounds Grpc.AspNetCore's handling of a call: it refuses what is not gRPC without repeating it, counts what the stream takes of
/// the memory budget, makes a new call wait for room, and ends the stream so that its peer learns the status and the connection lives on.
/// </summary>
internal sealed class CallGuard(GrpcTransportOptions options, TransportBudget budget, TimeProvider time, ILogger<CallGuard> log)
{
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(500);

    // How long to wait for a peer to end its side while memory is scarce.
    private static readonly TimeSpan ShortOfMemory = TimeSpan.FromMilliseconds(200);

    /// <summary>The calls that run now.</summary>
    public LiveCalls Calls => budget.Calls;

    /// <summary>Whether the server is about to send GOAWAY, or has.</summary>
    public bool Leaving { get; set; }

    /// <summary>Surrounds a <see cref="RawMethod"/>, which then runs this handler.</summary>
    public RequestDelegate Around(RequestDelegate method, GrpcHandler handler)
    {
        GrpcReaderLimits limits = new(options.ReceiveLimitBytes, options.InflatedRatio);
        return context => RunAsync(context, method, new(handler), limits);
    }

    /// <summary>
    /// Surrounds a method of which the library reads the only request message: it is let in when all of the request is here, and has so
    /// many bytes at most.
    /// </summary>
    public RequestDelegate AroundOneMessage(RequestDelegate method, int requestBytes)
    {
        GrpcReaderLimits limits = new(Math.Min(requestBytes, options.ReceiveLimitBytes), options.InflatedRatio);
        return context => RunAsync(context, method, new(null, HasOneMessage: true), limits);
    }

    /// <summary>Surrounds a method of which the library reads a stream of messages.</summary>
    public RequestDelegate AroundStream(RequestDelegate method) => context => RunAsync(context, method, default, new GrpcReaderLimits(options.ReceiveLimitBytes));

    /// <summary>Answers a method that is not served here.</summary>
    public async Task UnimplementedAsync(HttpContext context)
    {
        using StreamCost cost = CostOf(context);
        Refusal refusal = GrpcRequest.Read(context.Request, out _) ?? Refusal.Of(StatusCode.Unimplemented, "this method is not served here");
        await RefuseAsync(context, refusal).ConfigureAwait(false);
    }

    /// <summary>Answers a request that is not a gRPC call, with a sentence.</summary>
    public async Task SayAsync(HttpContext context, int status, string text)
    {
        using StreamCost cost = CostOf(context);
        await WriteAsync(context, status, text).ConfigureAwait(false);
    }

    // Counts a stream in the memory budget, until the end of the request.
    private StreamCost CostOf(HttpContext context) => new(context, budget, time);

    private async Task RunAsync(HttpContext context, RequestDelegate method, GrpcWork work, GrpcReaderLimits limits)
    {
        using StreamCost cost = CostOf(context);

        // 1. Is it gRPC, and in time?
        if (GrpcRequest.Read(context.Request, out GrpcRequest request) is { } refusal)
        {
            await RefuseAsync(context, refusal).ConfigureAwait(false);
            return;
        }

        // 2. The method's turn, when there is room for it. Those that wait can be ended like others: data may come for them already.
        var call = new HttpGrpcCall(context, request, work, time, limits, budget, log, cost.Connection) { StreamBytes = cost.Bytes };
        cost.Connection?.BeginCall();
        budget.Calls.Add(call);
        GrpcException? unsaid; // by the library
        try
        {
            unsaid = await PrepareAsync(context, call).ConfigureAwait(false);
            if (unsaid is null)
            {
                try
                {
                    await method(context).ConfigureAwait(false);
                }
                finally
                {
                    unsaid = await call.SettleAsync().ConfigureAwait(false);
                }
            }
        }
        finally
        {
            budget.Calls.Remove(call);
            budget.Waiting.Forget(call);
            cost.Connection?.EndCall();
            call.Dispose();
        }

        // 3. The peer gets what it was sent, unless it is gone.
        if (call.Reader.Ended || call.Reader.PeerGone)
        {
            cost.PeerIsDone = true;
        }

        if (!call.Reader.PeerGone)
        {
            if (unsaid is not null)
            {
                TrySetStatus(context, unsaid.Status);
            }

            await FinishAsync(context, cost).ConfigureAwait(false);
            await budget.Untaken.UntilTakenAsync(context, call.Writer.Untaken).ConfigureAwait(false);
            if (Leaving)
            {
                await LingerAsync(context).ConfigureAwait(false);
            }
        }
    }

    // Makes a call ready for its method. Returns the failure of one that must not have its turn.
    private async ValueTask<GrpcException?> PrepareAsync(HttpContext context, HttpGrpcCall call)
    {
        LiftRates(context);
        context.Request.Headers.Expect = default; // Kestrel would answer with a status of 100, which gRPC clients take for the call's end
        call.HasBegun = await budget.HasRoomAsync(call).ConfigureAwait(false);
        if (!call.HasBegun)
        {
            return NoRoom(call, context);
        }

        if (call.Work.IsTheLibrarys)
        {
            return await call.HandOverAsync().ConfigureAwait(false);
        }

        // The library ends a call at its deadline whatever its method does at that moment, which may be to write into the response's memory.
        // A raw call has a timer of its own.
        context.Request.Headers.GrpcTimeout = default;
        context.Features.Set(call); // for RawMethod
        return null;
    }

    private GrpcException NoRoom(HttpGrpcCall call, HttpContext context)
    {
        if (call.Verdict is null)
        {
            budget.Relief.Add(ReliefRule.NoRoom);
        }

        var failure = call.Verdict ?? new GrpcException(StatusCode.ResourceExhausted, $"{budget.UsedUp}; try again later");
        log.Refused(context.Request.Path, failure.Message);
        return failure;
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

            return WriteAsync(context, refusal.HttpStatus, refusal.Message);
        }

        if (refusal.Code is StatusCode.Unimplemented)
        {
            response.Headers.GrpcAcceptEncoding = GrpcRequest.AcceptedEncodings;
        }

        SetStatus(context, new Status(refusal.Code, refusal.Message));
        return Task.CompletedTask;
    }

    private async Task WriteAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        UntakenBytes untaken = new(context.Features.Get<GuardedConnection>());
        await untaken.Count(() => context.Response.WriteAsync(text + "\n")).ConfigureAwait(false);
        await budget.Untaken.UntilTakenAsync(context, untaken).ConfigureAwait(false);
    }

    // The library completes a response itself when its deadline has passed; its trailers cannot be changed any more then.
    private static void TrySetStatus(HttpContext context, in Status status)
    {
        try
        {
            SetStatus(context, status);
        }
        catch (InvalidOperationException)
        {
            // The peer has a status.
        }
    }

    // Without a message the status is in the only block of headers ("trailers-only"). Our texts have no character that must be encoded.
    private static void SetStatus(HttpContext context, in Status status)
    {
        IHeaderDictionary trailers = context.Response.HasStarted
            ? context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
            : context.Response.Headers;
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "application/grpc";
        }

        trailers.GrpcStatus = ((int)status.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
        trailers.GrpcMessage = status.Detail;
    }

    // A stream may be long and slow. The library lifts the limits of a request's body, and not this one.
    private static void LiftRates(HttpContext context)
    {
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } responseRate)
        {
            responseRate.MinDataRate = null;
        }
    }
}
