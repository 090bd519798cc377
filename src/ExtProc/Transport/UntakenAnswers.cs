using Microsoft.AspNetCore.Http;

namespace ExtProc.Transport;

/// <summary>
/// Complete answers whose peers do not read them: the call is over, so nothing else can end it, and Kestrel would keep it for as long as
/// its connection lasts. While memory is scarce they are tracked here, and reset when they make no progress for too long. From any thread.
/// </summary>
internal sealed class UntakenAnswers(TransportBudget budget, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly HashSet<Answer> waiting = [];

    /// <summary>Answers that wait now.</summary>
    public int Count
    {
        get
        {
            lock (gate)
            {
                return waiting.Count;
            }
        }
    }

    /// <summary>
    /// Sends what is left of a response, and waits until it is taken or reset; the request must not end before. Does not wait while there
    /// is plenty of memory: that would cost every call, and memory becomes scarce anyway once such answers have filled much of it.
    /// </summary>
    public async ValueTask UntilTakenAsync(HttpContext context, UntakenBytes untaken)
    {
        if (untaken.Bytes == 0 || !budget.Scarce)
        {
            return;
        }

        await context.Response.CompleteAsync().ConfigureAwait(false);
        Answer answer = new(context, untaken);
        lock (gate)
        {
            waiting.Add(answer);
        }

        await untaken.WhenTakenAsync().WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            waiting.Remove(answer);
        }
    }

    /// <summary>Resets those of which nothing has been taken for this long, as sampled by these calls.</summary>
    public void EndStuck(TimeSpan longest)
    {
        // Under the lock: what is not in the list any more is another request's.
        lock (gate)
        {
            foreach (Answer answer in waiting)
            {
                if (answer.Progress.IdleSince(answer.Untaken.Bytes, time) >= longest)
                {
                    answer.Reset();
                }
            }
        }
    }

    private sealed class Answer(HttpContext context, UntakenBytes untaken)
    {
        private bool reset;

        public CallProgress Progress;

        public UntakenBytes Untaken => untaken;

        public void Reset()
        {
            if (!reset)
            {
                reset = true;
                context.Abort();
            }
        }
    }
}
