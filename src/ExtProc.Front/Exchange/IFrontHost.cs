using ExtProc.Front.Filter;
using Google.Protobuf.WellKnownTypes;

namespace ExtProc.Front.Exchange;

/// <summary>What an exchange tells of itself. Called while it waits: must not block.</summary>
internal interface IFrontHost
{
    IExchangeTrace? Trace { get; }

    /// <summary>The app's part is over: its response, if any, goes nowhere.</summary>
    void AbortApp();

    /// <summary>The client's exchange is broken off, whatever is being written to it.</summary>
    void AbortClient();

    /// <summary>The server wrote dynamic metadata.</summary>
    void Write(Struct metadata);

    void Decided(FilterOutcome outcome, string details);

    void Violated(string what);
}

/// <summary>What an exchange is bounded by.</summary>
internal sealed record FrontSettings(TimeProvider Time, TimeSpan StreamIdleTimeout, TimeSpan CloseGrace, int BufferBytes, int AheadBytes);
