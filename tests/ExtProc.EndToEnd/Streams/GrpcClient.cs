namespace ExtProc.EndToEnd.Streams;

/// <summary>Envoy's two gRPC clients.</summary>
public enum GrpcClient
{
    /// <summary>Envoy's own, through a cluster.</summary>
    Envoy,

    /// <summary>Google's C++ library, with a channel of its own.</summary>
    Google,
}
