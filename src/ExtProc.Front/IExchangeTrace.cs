using Envoy.Service.ExtProc.V3;

namespace ExtProc.Front;

/// <summary>Watches one exchange. Called while the exchange waits, one call at a time: an implementation must not block.</summary>
public interface IExchangeTrace
{
    /// <summary>A message goes to the server. It must not be changed or kept.</summary>
    void Sent(ProcessingRequest message);

    /// <summary>A message came from the server. It must not be changed or kept.</summary>
    void Received(ProcessingResponse message);

    /// <summary>The server ended the stream before the exchange was done with it.</summary>
    /// <param name="status">The gRPC status.</param>
    /// <param name="message">Its text.</param>
    void ServerEnded(int status, string message);

    /// <summary>The server did what Envoy refuses, ignores, or would wait for in vain.</summary>
    void Violated(string what);

    /// <summary>The exchange is over.</summary>
    /// <param name="status">What the client got; 0: nothing.</param>
    void Ended(int status);
}
