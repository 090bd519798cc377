namespace ExtProc;

/// <summary>How an exchange ended, as far as this server saw it.</summary>
/// <param name="Outcome">The kind of end.</param>
/// <param name="Duration">From the first message to the end.</param>
/// <param name="RequestBytes">Body bytes received in the request direction.</param>
/// <param name="ResponseBytes">Body bytes received in the response direction.</param>
/// <param name="Reason">Reason code of a refusal, failure or local response; empty otherwise.</param>
/// <param name="Processor">The processor that responded or failed, if one did.</param>
/// <param name="Error">What it threw, if it threw.</param>
public readonly record struct Completion(
    ExchangeOutcome Outcome, TimeSpan Duration, long RequestBytes, long ResponseBytes, string Reason = "", string? Processor = null, Exception? Error = null);

/// <summary>The kinds of end.</summary>
public enum ExchangeOutcome
{
    /// <summary>Both directions were seen to their ends.</summary>
    Completed,

    /// <summary>
    /// Envoy wanted nothing more: the normal end of most exchanges. It does not say that the client has its response, nor that it
    /// has not: Envoy resets a finished stream and an abandoned one alike.
    /// </summary>
    Ended,

    /// <summary>A processor answered the client.</summary>
    Responded,

    /// <summary>The stream was failed: a processor failed, or a message was not legal.</summary>
    Failed,

    /// <summary>A deadline of ours passed.</summary>
    TimedOut,

    /// <summary>The server was stopped before the exchange was over.</summary>
    Drained,
}
