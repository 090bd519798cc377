using ExtProc.Memory;
using ExtProc.Pipeline.Encodings;
using Microsoft.Extensions.DependencyInjection;

namespace ExtProc.Pipeline;

/// <summary>What the two directions of one exchange share: its processors, who has left, and what failed.</summary>
/// <param name="plan">Its processors.</param>
/// <param name="exchange">What they see of it.</param>
/// <param name="memory">What is kept for it is taken from there; null where nobody counts.</param>
internal sealed class ExchangeRun(PipelinePlan plan, Exchange exchange, MemoryAccount? memory = null) : IAsyncDisposable
{
    // Peers choose how many parts a body has.
    private const int MostNotes = 20;

    private readonly Processor?[] _processors = plan.HasUnshared ? new Processor?[plan.Steps.Count] : [];
    private bool[]? _left;
    private CancellationTokenSource _cancellation = new();
    private AsyncServiceScope? _scope;
    private long _heldBytes;
    private volatile bool _timedOut, _abandoned, _lostDecodingPlace;

    public PipelinePlan Plan { get; } = plan;

    public Exchange Exchange { get; } = exchange;

    /// <summary>What is kept for the exchange is taken from there, beside its own limits.</summary>
    public MemoryAccount Memory { get; } = memory ?? MemoryAccount.Nobodys;

    /// <summary>Cancelled when the exchange ends or a handler takes too long.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>A handler did not end when it was told to: it may still use what it was given.</summary>
    public bool IsAbandoned => _abandoned;

    /// <summary>The time that was over when handlers were told to end; null while that is not why.</summary>
    public TimeSpan? TimedOutAfter => _timedOut ? Plan.Limits.HandlerTimeout : null;

    /// <summary>The processor whose handler runs now, for messages about time.</summary>
    public StepPlan? Running { get; set; }

    /// <summary>A processor has answered the client: nothing flows any more.</summary>
    public bool HasResponded { get; set; }

    /// <summary>What was refused or failed, each reason once a processor.</summary>
    public IReadOnlyList<(string Processor, string Reason)> Refusals { get; private set; } = [];

    /// <summary>Failures that did not end the stream, because of the processor's <c>onError</c>; at most one a processor.</summary>
    public IReadOnlyList<ProcessorFailedException> Outlived { get; private set; } = [];

    public Processor Processor(StepPlan step) => step.Shared ?? (_processors[step.Index] ??= step.Create(ref _scope));

    /// <summary>Takes note of a refusal, for the exchange's notes and the counters.</summary>
    /// <param name="processor">The processor; empty when it was none.</param>
    /// <param name="reason">One of <see cref="Reasons"/>, counted once a processor.</param>
    /// <param name="detail">What was refused, where that can be more than one thing of an exchange.</param>
    public void Refused(string processor, string reason, string? detail = null)
    {
        bool isKnown = Refusals.Contains((processor, reason));
        if (!isKnown)
        {
            // Lists that others read are replaced and never changed: a handler that was left behind may still add to them.
            Refusals = [.. Refusals, (processor, reason)];
        }

        string note = processor.Length == 0 ? reason : detail is null ? $"{processor}: {reason}" : $"{processor}: {reason}: {detail}";
        if (!isKnown || (detail is not null && Exchange.Notes.Count < MostNotes && !Exchange.Notes.Contains(note)))
        {
            Exchange.Note(note);
        }
    }

    /// <summary>Takes note of a failure that the exchange outlives, for the log.</summary>
    public void Outlive(ProcessorFailedException failure) => Outlived = [.. Outlived, failure];

    /// <summary>A place among the exchanges that decode bodies; the exchange ends when it has waited longest for bytes and another needs it.</summary>
    /// <exception cref="DecodingLimitException">There is none.</exception>
    public DecodingPlaces.Place TakeDecodingPlace() => Plan.DecodingPlaces.Take(LoseDecodingPlace);

    /// <summary>Another exchange needed its place among those that decode bodies.</summary>
    public bool LostDecodingPlace => _lostDecodingPlace;

    public bool HasLeft(StepPlan step) => _left is not null && _left[step.Index];

    public void Leave(StepPlan step) => (_left ??= new bool[Plan.Steps.Count])[step.Index] = true;

    /// <summary>Tells a busy handler to end, for good.</summary>
    public void Cancel() => _cancellation.Cancel();

    /// <summary>Tells a busy handler that its time (<c>limits.handlerTimeout</c>) is over; the exchange may go on.</summary>
    public void TimeOut()
    {
        // The handler may end by itself right now, and those that follow have then a token that is not meant.
        CancellationTokenSource busy = _cancellation;
        _timedOut = true;
        busy.Cancel();
    }

    /// <summary>After a timed-out handler has ended: those that follow get a token of their own.</summary>
    /// <remarks>The old source is not disposed of: whoever tells the handler to end may hold it still, and it has no timer.</remarks>
    public void Renew()
    {
        _cancellation = new();
        _timedOut = false;
    }

    public void Abandon() => _abandoned = true;

    /// <summary>Counts bytes held back against the exchange's limit.</summary>
    /// <exception cref="ExchangeRefusedException">The limit is reached.</exception>
    public void Hold(int bytes)
    {
        if (_heldBytes + bytes > Plan.Limits.HeldBytes)
        {
            throw new ExchangeRefusedException(Reasons.BodyOverLimit, $"an exchange may hold {Plan.Limits.HeldBytes} bytes back (limits.heldBytes), and {_heldBytes + bytes} were to be held");
        }

        _heldBytes += bytes;
    }

    public void Unhold(int bytes) => _heldBytes -= bytes;

    /// <summary>
    /// Runs the completion hooks, in request order; one that fails does not keep the others from running, and one that goes on after
    /// the token's cancellation is left behind.
    /// </summary>
    public async ValueTask CompleteAsync(Completion completion, Action<StepPlan, Exception> onFailure, CancellationToken cancellation)
    {
        foreach (StepPlan step in Plan.Steps)
        {
            if (!step.CompletionWanted)
            {
                continue;
            }

            try
            {
                await HookAsync(step, completion, cancellation).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                onFailure(step, failure);
            }
        }
    }

    private void LoseDecodingPlace()
    {
        _lostDecodingPlace = true;
        Memory.GiveUp($"{Reasons.DecodingLimit}: {new DecodingLimitException(Plan.DecodingPlaces.Most).Message}");
    }

    private ValueTask HookAsync(StepPlan step, Completion completion, CancellationToken cancellation)
    {
        ValueTask hook = Processor(step).OnCompletedAsync(Exchange, completion, cancellation);
        return hook.IsCompleted ? hook : EndAsync(hook.AsTask());

        async ValueTask EndAsync(Task ending)
        {
            try
            {
                await ending.WaitAsync(cancellation).ConfigureAwait(false);
            }
            finally
            {
                _abandoned |= !ending.IsCompleted;
            }
        }
    }

    /// <summary>Ends the processors that were made for this exchange, and the scope of their services.</summary>
    public async ValueTask DisposeAsync()
    {
        if (IsAbandoned)
        {
            return; // a handler still runs: what it uses is left to the garbage collector
        }

        _cancellation.Dispose();
        foreach (StepPlan step in Plan.Steps)
        {
            if (!step.IsShared)
            {
                await StepPlan.EndAsync(_processors[step.Index]).ConfigureAwait(false);
            }
        }

        if (_scope is { } scope)
        {
            await scope.DisposeAsync().ConfigureAwait(false);
        }
    }
}
