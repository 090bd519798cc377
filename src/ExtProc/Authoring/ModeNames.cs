namespace ExtProc;

/// <summary>The names of modes as Envoy's API writes them.</summary>
public static class ModeNames
{
    /// <summary>A body send mode, such as <c>FULL_DUPLEX_STREAMED</c>.</summary>
    public static string Of(BodySendMode mode) => mode switch
    {
        BodySendMode.None => "NONE",
        BodySendMode.Streamed => "STREAMED",
        BodySendMode.Buffered => "BUFFERED",
        BodySendMode.BufferedPartial => "BUFFERED_PARTIAL",
        BodySendMode.FullDuplexStreamed => "FULL_DUPLEX_STREAMED",
        BodySendMode.Grpc => "GRPC",
        _ => ((int)mode).ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
