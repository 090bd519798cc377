using ExtProc.Configuration;
using ExtProc.Pipeline;

namespace ExtProc.Session;

/// <summary>
/// A request body in a mode that was asked for, waited for when the response's headers are there first: an upstream may answer before
/// the client has sent a byte.
/// </summary>
internal sealed class AwaitedBody(PipelinePlan plan, TimeProvider time)
{
    private TaskCompletionSource? _arrival;

    /// <summary>The request's body, or its trailers, has come.</summary>
    public void Arrived() => _arrival?.TrySetResult();

    /// <summary>Waits for it; false when it took longer than half of what handlers and Envoy allow for the response's headers.</summary>
    public async ValueTask<bool> ArrivesAsync(CancellationToken cancellation)
    {
        TimeSpan envoy = plan.Envoy.MessageTimeout ?? EnvoyDeclaration.DefaultMessageTimeout, handlers = plan.Limits.HandlerTimeout;
        _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await _arrival.Task.WaitAsync((envoy < handlers ? envoy : handlers) / 2, time, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
