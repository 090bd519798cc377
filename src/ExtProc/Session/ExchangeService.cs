using System.Text;
using ExtProc.Memory;
using ExtProc.Pipeline;
using ExtProc.Pipeline.Encodings;
using ExtProc.Protocol;
using ExtProc.Telemetry;
using ExtProc.Transport;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ExtProc.Session;

/// <summary>
/// Serves <c>envoy.service.ext_proc.v3.ExternalProcessor/Process</c>: one session a stream, and the one place where its end becomes
/// an outcome and a gRPC status. A failure never ends with OK, which tells Envoy to go on without us. The status says a reason and a
/// processor's name; what was received, and what an author's code says, stands in the log alone.
/// </summary>
internal sealed class ExchangeService(PipelinePlan plan, ExchangeLog lines, ExchangeCounters counters, ILogger<ExchangeService> log)
{
    /// <summary>Told of each exchange's end, for test hosts.</summary>
    public Action<Exchange?, Completion>? Ended { get; init; }

    /// <summary>
    /// Set for a rehearsal, whose exchanges nobody sent: processors' failures are told here instead of in the log, and completion hooks
    /// do not run.
    /// </summary>
    public RehearsalFailures? Rehearsal { get; init; }

    /// <summary>The gRPC handler.</summary>
    /// <exception cref="GrpcException">The exchange failed.</exception>
    public async Task RunAsync(GrpcReader reader, GrpcWriter writer, GrpcCall call)
    {
        long started = call.Time.GetTimestamp();
        ExchangeObservation? observation = lines.IsOn ? new(call.Time, call.Memory) : null;
        await using var session = new ExchangeSession(plan, reader, writer, call, observation) { IsRehearsal = Rehearsal is not null };
        End end = default;
        try
        {
            await session.RunAsync().ConfigureAwait(false);
            end = EndOf(session);
        }
        catch (PeerGoneException)
        {
            end = new(OutcomeOf(session)); // a reset is how Envoy ends most exchanges
        }
        catch (Exception failure)
        {
            end = session.Run?.LostDecodingPlace is true && failure is OperationCanceledException ? EndOf(new DecodingLimitException(plan.DecodingPlaces.Most), call) : EndOf(failure, call);
            Tell(failure, end, IdOf(session));
        }

        await session.EndAsync().ConfigureAwait(false);
        var completion = new Completion(end.Outcome, call.Time.GetElapsedTime(started), session.Request.BytesIn, session.Response.BytesIn, end.Reason, end.Processor, end.Error);
        Count(session, completion);
        TellOutlived(session);
        await CompleteAsync(session, completion, call.Time).ConfigureAwait(false);
        Ended?.Invoke(session.Run?.Exchange, completion);
        if (observation is not null)
        {
            lines.Write(observation.Summarize(session, completion));
        }

        if (end.Status is { } status)
        {
            throw status;
        }
    }

    private static End EndOf(ExchangeSession session) => session switch
    {
        { LocalResponse: null } => new(OutcomeOf(session)),
        { RespondedTooLate: true } => new(ExchangeOutcome.Failed, Reasons.ResponseStarted, session.Responder!.Name),
        { LocalResponse: var response } => new(ExchangeOutcome.Responded, response.Details, session.Responder!.Name),
    };

    private void Count(ExchangeSession session, in Completion completion)
    {
        counters.UnknownMessages(session.UnknownMessages);
        bool failed = completion.Outcome is ExchangeOutcome.Failed or ExchangeOutcome.TimedOut;
        if (session.Run is not { } run)
        {
            if (failed)
            {
                counters.Refused("", completion.Reason);
            }

            return;
        }

        session.NoteMissedOverrides();
        if (failed)
        {
            run.Refused(completion.Processor ?? "", completion.Reason);
        }

        foreach ((string processor, string reason) in run.Refusals)
        {
            counters.Refused(processor, reason);
        }
    }

    private static ExchangeOutcome OutcomeOf(ExchangeSession session) =>
        session.Request.HasEnded && session.Response.HasEnded ? ExchangeOutcome.Completed : ExchangeOutcome.Ended;

    private static End EndOf(Exception failure, GrpcCall call) => failure switch
    {
        ProcessorFailedException { Reason: Reasons.ProcessorTimeout } late => new(ExchangeOutcome.TimedOut, late.Reason, late.Step.Name, late.InnerException, new(StatusCode.DeadlineExceeded, late.Told, late)),
        ProcessorFailedException failed => new(ExchangeOutcome.Failed, failed.Reason, failed.Step.Name, failed.InnerException, new(StatusCode.Unavailable, failed.Told, failed)),
        ExchangeRefusedException refused => new(ExchangeOutcome.Failed, refused.Reason, null, refused, new(StatusCode.Unavailable, refused.Reason, refused)),
        HandlerTimeoutException late => new(ExchangeOutcome.TimedOut, Reasons.ProcessorTimeout, late.Step?.Name, late, new(StatusCode.DeadlineExceeded, $"{Reasons.ProcessorTimeout}: {late.Message}", late)),
        ExchangeStalledException stalled => new(ExchangeOutcome.TimedOut, Reasons.Stalled, null, stalled, new(StatusCode.Unavailable, $"{Reasons.Stalled}: {stalled.Message}", stalled)),
        ProtocolViolationException violation => new(ExchangeOutcome.Failed, Reasons.ProtocolViolation, null, violation, new(StatusCode.FailedPrecondition, $"{Reasons.ProtocolViolation}: {violation.Message}", violation)),
        MalformedMessageException malformed => new(ExchangeOutcome.Failed, Reasons.ProtocolViolation, null, malformed, new(StatusCode.InvalidArgument, $"{Reasons.ProtocolViolation}: not a ProcessingRequest", malformed)),
        ReceivedLimitException large => new(ExchangeOutcome.Failed, Reasons.ReceivedLimit, null, large, new(StatusCode.ResourceExhausted, $"{Reasons.ReceivedLimit}: {large.Message}", large)),
        MemoryBudgetException full => new(ExchangeOutcome.Failed, Reasons.MemoryBudget, null, full, new(StatusCode.ResourceExhausted, $"{Reasons.MemoryBudget}: {full.Message}", full)),
        DecodingLimitException full => new(ExchangeOutcome.Failed, Reasons.DecodingLimit, null, full, new(StatusCode.ResourceExhausted, $"{Reasons.DecodingLimit}: {full.Message}", full)),
        GrpcException transport => new(ExchangeOutcome.Failed, Reasons.ProtocolViolation, null, transport, transport),
        OperationCanceledException => EndedFromOutside(call.Verdict),
        _ => new(ExchangeOutcome.Failed, Reasons.ProcessorFailed, null, failure, new(StatusCode.Internal, "the server failed; its log says how", failure)),
    };

    private static End EndedFromOutside(GrpcException? verdict) => verdict?.Code switch
    {
        StatusCode.DeadlineExceeded => new(ExchangeOutcome.TimedOut, Reasons.DeadlinePassed, Status: verdict),
        StatusCode.ResourceExhausted => new(ExchangeOutcome.Failed, Reasons.MemoryBudget, Status: verdict),
        StatusCode.Aborted => new(ExchangeOutcome.TimedOut, Reasons.Stalled, Status: verdict),
        _ => new(ExchangeOutcome.Drained, Reasons.Draining, Status: verdict ?? new(StatusCode.Unavailable, "the server is stopping")),
    };

    /// <summary>One line for what has a reason code; the stack for what an author or we did not foresee.</summary>
    private void Tell(Exception failure, in End end, string id)
    {
        switch (failure)
        {
            case ProcessorFailedException { Reason: Reasons.ProcessorFailed or Reasons.ProcessorTimeout } when Rehearsal is not null:
                Rehearsal.Add(end.Processor!, end.Error ?? failure);
                break;
            case ProcessorFailedException { Reason: Reasons.ProcessorFailed }:
                log.ProcessorThrew(id, end.Processor!, end.Error!);
                break;
            case ProcessorFailedException or ExchangeRefusedException or HandlerTimeoutException or ExchangeStalledException
                or ProtocolViolationException or MalformedMessageException or ReceivedLimitException or MemoryBudgetException or DecodingLimitException or GrpcException:
                log.ExchangeFailed(id, end.Reason, failure.Message);
                break;
            case OperationCanceledException:
                log.ExchangeEnded(id, end.Reason, end.Status!.Message);
                break;
            default:
                log.ServerFailed(id, failure);
                break;
        }
    }

    /// <summary>What a processor threw is told, also where its <c>onError</c> let the exchange go on; a refusal is noted and counted.</summary>
    private void TellOutlived(ExchangeSession session)
    {
        foreach (ProcessorFailedException failed in session.Run?.Outlived ?? [])
        {
            if (failed.Reason is Reasons.ProcessorFailed or Reasons.ProcessorTimeout && Rehearsal is not null)
            {
                Rehearsal.Add(failed.Step.Name, failed.InnerException ?? failed);
            }
            else if (failed.Reason is Reasons.ProcessorFailed)
            {
                log.ProcessorThrewAndWasOutlived(IdOf(session), failed.Step.Name, failed.Step.OnError, failed.InnerException!);
            }
        }
    }

    /// <summary>As it came: what processors make of their headers may still be changing on another thread.</summary>
    private static string IdOf(ExchangeSession session) => ExchangeLog.RequestId(
        session.Run is { Exchange.RequestHeaders: var headers } && headers.TryGetReceived("x-request-id"u8, out ReadOnlySpan<byte> id) ? Encoding.UTF8.GetString(id) : null);

    private async ValueTask CompleteAsync(ExchangeSession session, Completion completion, TimeProvider time)
    {
        if (session.Run is not { } run || !plan.CompletionWanted || Rehearsal is not null)
        {
            return;
        }

        using var limit = new CancellationTokenSource(plan.Limits.CloseTimeout, time);
        await run.CompleteAsync(completion, (step, failure) => log.CompletionFailed(IdOf(session), step.Name, failure), limit.Token).ConfigureAwait(false);
    }

    /// <summary>How an exchange ended, and the status to end the stream with; none is OK.</summary>
    private readonly record struct End(ExchangeOutcome Outcome, string Reason = "", string? Processor = null, Exception? Error = null, GrpcException? Status = null);
}

/// <summary>What is told of an exchange, each line with the request's id first, as in the exchange's own line.</summary>
internal static partial class ExchangeServiceLog
{
    [LoggerMessage(EventId = 100, Level = LogLevel.Warning, Message = "{RequestId} exchange failed: {Reason}: {Message}")]
    public static partial void ExchangeFailed(this ILogger<ExchangeService> log, string requestId, string reason, string message);

    [LoggerMessage(EventId = 101, Level = LogLevel.Warning, Message = "{RequestId} completion hook of processor {Processor} failed")]
    public static partial void CompletionFailed(this ILogger<ExchangeService> log, string requestId, string processor, Exception failure);

    [LoggerMessage(EventId = 102, Level = LogLevel.Warning, Message = "{RequestId} exchange failed: processor_failed: processor \"{Processor}\" threw")]
    public static partial void ProcessorThrew(this ILogger<ExchangeService> log, string requestId, string processor, Exception failure);

    [LoggerMessage(EventId = 105, Level = LogLevel.Warning, Message = "{RequestId} processor {Processor} threw (onError: {OnError})")]
    public static partial void ProcessorThrewAndWasOutlived(this ILogger<ExchangeService> log, string requestId, string processor, OnError onError, Exception failure);

    [LoggerMessage(EventId = 103, Level = LogLevel.Error, Message = "{RequestId} exchange failed")]
    public static partial void ServerFailed(this ILogger<ExchangeService> log, string requestId, Exception failure);

    [LoggerMessage(EventId = 104, Level = LogLevel.Information, Message = "{RequestId} exchange ended: {Reason}: {Message}")]
    public static partial void ExchangeEnded(this ILogger<ExchangeService> log, string requestId, string reason, string message);
}
