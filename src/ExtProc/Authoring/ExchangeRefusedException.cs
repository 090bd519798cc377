namespace ExtProc;

/// <summary>
/// A processor asked for what cannot be done here: the mode or the phase does not allow it, Envoy would refuse it, or a limit is
/// reached. Nothing of the request was carried out. Not caught, it ends as the processor's <c>onError</c> says.
/// </summary>
/// <param name="reason">A code from <see cref="Reasons"/>.</param>
/// <param name="message">What was asked, why it cannot be done, and what would do.</param>
public sealed class ExchangeRefusedException(string reason, string message) : InvalidOperationException(message)
{
    /// <summary>A code from <see cref="Reasons"/>; the same in Envoy's response code details, the gRPC status text and our log.</summary>
    public string Reason { get; } = reason;
}
