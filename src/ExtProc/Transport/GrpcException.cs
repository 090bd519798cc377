using Grpc.Core;

namespace ExtProc.Transport;

/// <summary>Ends a call with a status other than OK. The message goes to the peer, and with Envoy into its log: it says reasons and names, never what was received.</summary>
internal sealed class GrpcException(StatusCode code, string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>What the trailer <c>grpc-status</c> will say; never <see cref="StatusCode.OK"/>.</summary>
    public StatusCode Code { get; } = code is StatusCode.OK
        ? throw new ArgumentOutOfRangeException(nameof(code), "a failure cannot have the status OK")
        : code;

    /// <summary>The status as gRPC has it, with a message of a safe length.</summary>
    public Status Status => new(Code, StatusDetail.Shorten(Message), this);
}
