namespace ExtProc;

/// <summary>
/// A processor asked for what cannot be done here: the mode or the phase does not allow it, Envoy would refuse it, or a limit is
/// reached. Nothing of the request was carried out. Not caught, it ends as the processor's <c>onError</c> says.
/// </summary>
/// <remarks>Envoy and the client learn the reason and the processor's name. To tell the client more, answer it: <see cref="Verdict.Respond(LocalResponse)"/>.</remarks>
/// <param name="reason">A code from <see cref="Reasons"/>, or one of your own.</param>
/// <param name="message">What was asked, why it cannot be done, and what would do; for the log alone.</param>
public sealed class ExchangeRefusedException(string reason, string message) : InvalidOperationException(message)
{
    /// <summary>
    /// A code from <see cref="Reasons"/> or an author's own; the same in Envoy's response code details, the gRPC status text, the metrics
    /// and our log. What is no code (1 to 64 ASCII letters, digits, <c>_</c>, <c>-</c> and <c>.</c>) may be something that was received,
    /// and is <see cref="Reasons.ProcessorFailed"/> here.
    /// </summary>
    public string Reason { get; } = Reasons.IsCode(reason) ? reason : Reasons.ProcessorFailed;
}
