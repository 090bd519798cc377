namespace ExtProc.Session;

/// <summary>Envoy reset the stream while a handler was busy: the normal end, seen in the middle.</summary>
internal sealed class PeerGoneException() : Exception("the peer reset the stream");
