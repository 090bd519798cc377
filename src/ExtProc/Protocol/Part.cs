using System.Buffers;

namespace ExtProc.Protocol;

/// <summary>The kinds of part that a <c>ProcessingRequest</c> can carry.</summary>
internal enum PartKind
{
    /// <summary>A oneof member that this build does not know, or none.</summary>
    Unknown,
    Headers,
    Body,
    Trailers,
}

/// <summary>
/// One <c>ProcessingRequest</c>, decoded in place: the sequences point into the received message and live as long as it does.
/// Source: <c>envoy.service.ext_proc.v3.ProcessingRequest</c>.
/// </summary>
internal readonly struct Part
{
    public PartKind Kind { get; init; }

    public Direction Direction { get; init; }

    /// <summary>No more of this direction comes (headers: there is no body; body: no trailers follow).</summary>
    public bool EndOfStream { get; init; }

    /// <summary>The body's bytes, or the <c>HeaderMap</c> of headers or trailers, still encoded.</summary>
    public ReadOnlySequence<byte> Content { get; init; }

    /// <summary>Envoy takes no answers on this stream.</summary>
    public bool ObservabilityMode { get; init; }

    /// <summary>Envoy's body modes; only in the first message of a stream, and not before Envoy 1.34.</summary>
    public ProtocolConfig? ProtocolConfig { get; init; }

    /// <summary>Whether attributes came with this message.</summary>
    public bool HasAttributes { get; init; }

    /// <summary>The number of an unknown oneof member, where one could be seen; 0 otherwise.</summary>
    public int UnknownField { get; init; }
}

/// <summary>Source: <c>envoy.service.ext_proc.v3.ProtocolConfiguration</c>.</summary>
internal readonly record struct ProtocolConfig(
    BodySendMode RequestBodyMode, BodySendMode ResponseBodyMode, bool SendBodyWithoutWaitingForHeaderResponse)
{
    public BodySendMode BodyMode(Direction direction) => direction is Direction.Request ? RequestBodyMode : ResponseBodyMode;
}
