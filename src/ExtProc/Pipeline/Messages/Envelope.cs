namespace ExtProc.Pipeline.Messages;

/// <summary>
/// Media types of bodies whose messages carry their length before them: gRPC, gRPC-Web, Connect's streams. What stands behind the
/// <c>+</c> says how each message is written, and not how the body is. Names are in lower case.
/// </summary>
internal static class Envelope
{
    private static readonly string[] OfGrpc = ["application/grpc", "application/grpc-web", "application/grpc-web-text"];

    public static bool Holds(string mediaType) => mediaType.StartsWith("application/connect+", StringComparison.Ordinal)
        || Array.Exists(OfGrpc, name => mediaType.StartsWith(name, StringComparison.Ordinal) && (mediaType.Length == name.Length || mediaType[name.Length] == '+'));

    /// <summary>Whether its bytes are written in base64, which is not decoded.</summary>
    public static bool IsBase64(string mediaType) => mediaType.StartsWith("application/grpc-web-text", StringComparison.Ordinal);

    /// <summary>The flag of the message that stands for trailers: 0x02 in Connect, 0x80 in gRPC-Web; 0 in gRPC, which has trailers of its own.</summary>
    public static byte EndFlagOf(string mediaType) => mediaType.StartsWith("application/connect+", StringComparison.Ordinal) ? (byte)0x02
        : mediaType.StartsWith("application/grpc-web", StringComparison.Ordinal) ? (byte)0x80
        : (byte)0;

    /// <summary>The media type of its messages; protobuf where none is said.</summary>
    public static string ContentOf(string mediaType) => mediaType.IndexOf('+', StringComparison.Ordinal) is >= 0 and var plus ? $"application/{mediaType[(plus + 1)..]}" : "application/proto";
}
