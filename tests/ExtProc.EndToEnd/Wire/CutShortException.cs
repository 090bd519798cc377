namespace ExtProc.EndToEnd.Wire;

/// <summary>The peer broke the exchange off: a reset stream, or a connection that closed before the message was complete.</summary>
internal sealed class CutShortException(string how) : IOException(how);
