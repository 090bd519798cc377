namespace ExtProc.Transport;

/// <summary>What a wait for the next message came to.</summary>
internal enum GrpcWait
{
    /// <summary>A whole message is here.</summary>
    Message,

    /// <summary>The peer has said all that it will, and after a whole message.</summary>
    HalfClosed,

    /// <summary>The peer reset the stream or is gone: the normal end of most calls behind Envoy. Nobody reads an answer.</summary>
    PeerGone,
}
