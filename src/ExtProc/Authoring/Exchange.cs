namespace ExtProc;

/// <summary>One HTTP request and its response through Envoy</summary>
public sealed class Exchange
{
    /// <summary>Whether the client can still be answered from here</summary>
    public bool CanRespond { get; }
}
