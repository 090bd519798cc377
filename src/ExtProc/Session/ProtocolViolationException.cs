namespace ExtProc.Session;

/// <summary>Envoy sent what its protocol does not allow now.</summary>
internal sealed class ProtocolViolationException(string message) : Exception(message)
{
    public ProtocolViolationException(Direction direction, ReceivedPart part, PartPhase phase)
        : this($"{Name(direction)} {Words(part)} came {When(phase)}")
    {
    }

    /// <summary>A body whose end was known went on, so that the rest of it would pass unprocessed.</summary>
    public ProtocolViolationException(Direction direction)
        : this($"{Name(direction)} body went on after its end, which content-length or its mode had said")
    {
    }

    private static string Name(Direction direction) => direction is Direction.Request ? "request" : "response";

    private static string Words(ReceivedPart part) => part switch
    {
        ReceivedPart.Headers or ReceivedPart.HeadersEnd => "headers",
        ReceivedPart.Body or ReceivedPart.BodyEnd => "body",
        _ => "trailers",
    };

    private static string When(PartPhase phase) => phase switch
    {
        PartPhase.Idle => "first",
        PartPhase.Open => "after that direction had begun",
        _ => "after that direction's end",
    };
}
