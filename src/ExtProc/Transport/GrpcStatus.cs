namespace ExtProc.Transport;

/// <summary>The status codes of gRPC, by number (https://grpc.io/docs/guides/status-codes/).</summary>
internal enum GrpcStatusCode
{
    Ok = 0,
    Cancelled = 1,
    Unknown = 2,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    AlreadyExists = 6,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Aborted = 10,
    OutOfRange = 11,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    DataLoss = 15,
    Unauthenticated = 16,
}

/// <summary>Ends a call with a status other than OK. The message goes to the peer, and with Envoy into its log: it says reasons and names, never what was received.</summary>
internal sealed class GrpcException(GrpcStatusCode code, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What the trailer <c>grpc-status</c> will say; never <see cref="GrpcStatusCode.Ok"/>.</summary>
    public GrpcStatusCode Code { get; } = code is GrpcStatusCode.Ok
        ? throw new ArgumentOutOfRangeException(nameof(code), "a failure cannot have the status OK")
        : code;
}
