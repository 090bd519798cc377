using System.IO.Pipelines;
using ExtProc.Memory;
using ExtProc.Transport.Connections;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace ExtProc.Transport;

/// <summary>A call that came over HTTP/2, and the ways to end it from outside: the deadline, a shutdown, the memory budget.</summary>
internal sealed class HttpGrpcCall : GrpcCall, IDisposable
{
    // So much may wait behind a status: what it holds is not worth a reset.
    private const int MostWaitingBytes = 64 * 1024;

    // Of a message that becomes whole some time: what a slow link brings within a second.
    private const int PieceOfProgressBytes = 16 * 1024;

    private readonly Lock gate = new();
    private readonly ILogger log;
    private readonly HttpContext context;
    private readonly PipeReader input;
    private readonly PipeWriter output;
    private readonly ITimer? deadlineTimer;
    private CancellationTokenSource? aborting;
    private CancellationTokenRegistration peerGone;
    private GrpcException? verdict;
    private (long Message, long EnoughBytes, int Count) looked;
    private TaskCompletionSource? ended;
    private CancellationToken requestAborted;
    private Task? running;
    private GrpcException? failure;
    private bool over, reset;

    public HttpGrpcCall(
        HttpContext context, in GrpcRequest request, in GrpcWork work, TimeProvider time, in GrpcReaderLimits limits, TransportBudget budget, ILogger log,
        GuardedConnection? connection)
        : base(time, DeadlineOf(request, time))
    {
        (this.context, this.log, Work) = (context, log, work);
        (input, output) = (context.Request.BodyReader, context.Response.BodyWriter);
        Connection = connection;
        Memory = new Account(this, budget);
        Reader = new GrpcReader(input, limits, request.Encoding, Memory);
        Writer = new GrpcWriter(output, StartResponse, connection);
        if (!work.IsTheLibrarys && request.Timeout is { } timeout)
        {
            deadlineTimer = time.CreateTimer(DeadlinePassed, this, Timers.AtMost(timeout), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Who reads and writes its messages.</summary>
    public GrpcWork Work { get; }

    /// <summary>Whether the library has the pipes of the request and the response now.</summary>
    public bool IsHandedOver { get; private set; }

    /// <summary>The request's messages.</summary>
    public GrpcReader Reader { get; }

    /// <summary>The response's messages.</summary>
    public GrpcWriter Writer { get; }

    /// <inheritdoc/>
    public override MemoryAccount Memory { get; }

    /// <inheritdoc/>
    public override GrpcException? Verdict => verdict;

    /// <summary>Neighbours in <see cref="LiveCalls"/>, which alone touches them.</summary>
    internal (HttpGrpcCall? Before, HttpGrpcCall? After) Neighbours;

    /// <summary>Whether its handler runs; before, it waits for room.</summary>
    public bool HasBegun { get; set; }

    /// <summary>Whether it was let in though there was no room. <see cref="WaitingRoom"/> writes it.</summary>
    public bool IsBeyondBudget { get; set; }

    /// <summary>What its stream takes of the budget besides its messages.</summary>
    public long StreamBytes { get; init; }

    /// <summary>The connection that it came on; null where none is guarded.</summary>
    public GuardedConnection? Connection { get; }

    /// <summary>Since when it has done nothing, which only <see cref="BudgetRelief"/> asks.</summary>
    internal CallProgress Progress;

    /// <summary>
    /// Changes with every message that is taken, every flush that ends, every <see cref="PieceOfProgressBytes"/> that come of a large
    /// message, and when the call is told to end.
    /// </summary>
    public long ProgressCount => Reader.MessageCount + Writer.FlushCount + (Reader.PiledUpBytes / PieceOfProgressBytes) + (verdict is null ? 0 : 1);

    /// <inheritdoc/>
    public override CancellationToken Aborted
    {
        get
        {
            lock (gate)
            {
                if (aborting is null)
                {
                    aborting = new CancellationTokenSource();
                    if (IsEnded())
                    {
                        aborting.Cancel();
                    }
                }

                return aborting.Token;
            }
        }
    }

    /// <inheritdoc/>
    public override Task WhenEnded
    {
        get
        {
            lock (gate)
            {
                if (ended is null)
                {
                    ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    if (IsEnded())
                    {
                        ended.TrySetResult();
                    }
                }

                return ended.Task;
            }
        }
    }

    /// <summary>
    /// Runs its handler. A failure becomes the call's status by value: an exception through the library and its interceptors would cost more,
    /// and be logged once more.
    /// </summary>
    /// <exception cref="InvalidOperationException">It runs already, or has: an interceptor called the method twice.</exception>
    public Task RunAsync(ServerCallContext library) =>
        running = running is null ? RunHandlerAsync(library) : throw new InvalidOperationException("an interceptor called the method twice; its messages can be read once");

    /// <summary>
    /// Waits until the handler has ended, and ends it if it goes on: an interceptor may have returned without waiting for it. Until then the
    /// pipes must not become another call's.
    /// </summary>
    /// <returns>
    /// What the peer must be told where the library says otherwise: OK, which would tell Envoy to go on without us, although the handler failed, was
    /// cut short or never ran; nothing, where the end from outside looked to it as a cancelled request. Otherwise null.
    /// </returns>
    public async ValueTask<GrpcException?> SettleAsync()
    {
        if (Work.IsTheLibrarys)
        {
            return IsHandedOver ? verdict : null;
        }

        if (running is null)
        {
            failure = new(StatusCode.Unavailable, "an interceptor of the app ended the call before it began");
        }
        else
        {
            if (!running.IsCompleted)
            {
                End(StatusCode.Unavailable, "an interceptor of the app returned before the call's end");
            }

            await running.ConfigureAwait(false);
        }

        return failure is not null && GrpcStatusOf(context.Response) == "0" ? failure : null;
    }

    /// <summary>
    /// Leaves the call to the library; where a request has one message, when that and the end are here, so that the library waits for neither. From
    /// then on the call's end from outside is a cancelled request for the library.
    /// </summary>
    /// <returns>The status of its failure; null when there is none.</returns>
    public async ValueTask<GrpcException?> HandOverAsync()
    {
        try
        {
            await LeaveToLibraryAsync().ConfigureAwait(false);
            return verdict;
        }
        catch (Exception thrown)
        {
            return HandlerFailure.Of(thrown, this, context, log);
        }
    }

    /// <summary>
    /// Ends the call with a status: a read or a flush that waits ends now, the next one ends at once, and the handler's way out leads
    /// to this status whatever else it does. The first verdict stands; after the call's end nothing happens.
    /// </summary>
    public void End(StatusCode code, string message)
    {
        CancellationTokenSource? toCancel;
        lock (gate)
        {
            if (over || verdict is not null)
            {
                return;
            }

            verdict = new GrpcException(code, message);
            toCancel = aborting;
            ended?.TrySetResult();

            // Under the lock: once the call is over, Kestrel gives these pipes to another call.
            if (!IsHandedOver)
            {
                Wake();
            }
        }

        Cancel(toCancel);
    }

    /// <summary>
    /// Resets the stream at once, whatever the handler does: for one that does not give its thread back. False when the call is over
    /// or was reset before.
    /// </summary>
    public bool TryAbort()
    {
        lock (gate)
        {
            if (over || reset)
            {
                return false;
            }

            verdict ??= new GrpcException(StatusCode.DeadlineExceeded, "the handler kept its thread for too long");
            context.Abort();
            return reset = true;
        }
    }

    /// <summary>
    /// Ends the call to free what it holds. Replies that the peer does not take would keep their memory, and the status would have to wait behind them:
    /// a call of which much waits is reset.
    /// </summary>
    public void EndAndFree(StatusCode code, string message)
    {
        End(code, message);
        if (Writer.Untaken.Bytes > MostWaitingBytes)
        {
            TryAbort();
        }
    }

    /// <summary>From here on the call can no longer be ended from outside.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            over = true;
        }

        if (IsHandedOver)
        {
            context.RequestAborted = requestAborted;
        }

        Reader.Dispose();
        Memory.Close();
        deadlineTimer?.Dispose();

        // Neither waits nor disposes: the source may be being cancelled at this moment, and holds nothing but memory.
        peerGone.Unregister();
    }

    /// <summary>
    /// How many looks in turn found that the peer is waited for: for the same <see cref="MessageWatch.PieceBytes"/> of the same message,
    /// or the first, which is not whole. Only <see cref="MessageWatch"/> looks.
    /// </summary>
    public int LooksInMessage()
    {
        if (Reader.MessageCount != looked.Message || Reader.PiledUpBytes >= looked.EnoughBytes)
        {
            looked = (Reader.MessageCount, Reader.PiledUpBytes + MessageWatch.PieceBytes, 0);
        }

        if (Reader.Waiting && (Reader.PiledUpBytes > 0 || Reader.MessageCount == 0))
        {
            looked.Count++;
        }

        return looked.Count;
    }

    private async Task RunHandlerAsync(ServerCallContext library)
    {
        try
        {
            await Work.Handler!(Reader, Writer, this).ConfigureAwait(false);
            failure = verdict;
        }
        catch (Exception thrown)
        {
            failure = HandlerFailure.Of(thrown, this, context, log);
        }

        if (failure is not null)
        {
            library.Status = failure.Status;
        }
        else if (!Reader.PeerGone)
        {
            Writer.Commit(); // otherwise the handler may have stopped in the middle of a message
        }
    }

    private async Task LeaveToLibraryAsync()
    {
        if (Work.HasOneMessage)
        {
            await Reader.AwaitOnlyMessageAsync().ConfigureAwait(false);
        }

        IHttpResponseBodyFeature response = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        lock (gate)
        {
            IsHandedOver = verdict is null;
        }

        if (IsHandedOver)
        {
            context.Features.Set<IHttpResponseBodyFeature>(new CountedResponse(response, Writer.Untaken));
            (requestAborted, context.RequestAborted) = (context.RequestAborted, Aborted);
        }
    }

    // What a handler has registered may throw, to whoever ends the call: a timer, which would end the process, or another exchange.
    private static void Cancel(CancellationTokenSource? aborting)
    {
        try
        {
            aborting?.Cancel();
        }
        catch (AggregateException)
        {
            // All that was registered has run, and the handler knows better than anybody here what it threw there.
        }
    }

    // Under the lock. Registers with Kestrel only when first asked: most calls never need it.
    private bool IsEnded()
    {
        if (peerGone == default)
        {
            peerGone = context.RequestAborted.UnsafeRegister(PeerIsGone, this);
        }

        return verdict is not null || Reader.PeerGone;
    }

    private void Wake()
    {
        try
        {
            Writer.CancelFlush();
            input.CancelPendingRead();
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The stream is reset or its connection gone: Kestrel wakes them, and throws at everybody who asks it to.
        }
    }

    private static string? GrpcStatusOf(HttpResponse response) =>
        (response.HasStarted ? response.HttpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers : response.Headers)?.GrpcStatus;

    private static void PeerIsGone(object? state)
    {
        var call = (HttpGrpcCall)state!;
        call.Reader.MarkPeerGone();
        CancellationTokenSource? toCancel;
        lock (call.gate)
        {
            toCancel = call.aborting;
            call.ended?.TrySetResult();
        }

        Cancel(toCancel);
    }

    private static DateTimeOffset? DeadlineOf(in GrpcRequest request, TimeProvider time) =>
        request.Timeout is { } timeout && DateTimeOffset.MaxValue - time.GetUtcNow() > timeout ? time.GetUtcNow() + timeout : null;

    // Kestrel wants the headers begun before the first byte. They wait in memory until the flush, so this does not block; it could only
    // if some middleware had hooked work onto the start of the response.
    private void StartResponse() => context.Response.StartAsync(CancellationToken.None).GetAwaiter().GetResult();

    private static void DeadlinePassed(object? call) =>
        ((HttpGrpcCall)call!).End(StatusCode.DeadlineExceeded, "the deadline of grpc-timeout has passed");

    private sealed class Account(HttpGrpcCall call, TransportBudget budget) : MemoryAccount(budget)
    {
        protected override void OnMustEnd(string? why) => call.End(StatusCode.ResourceExhausted, why ?? budget.UsedUp);
    }
}
