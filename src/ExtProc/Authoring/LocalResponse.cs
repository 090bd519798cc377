using System.IO.Pipelines;

namespace ExtProc;

/// <summary>
/// An answer from here to the client. Sent as Envoy's immediate response, or, with <see cref="WriteBody"/>, as a streamed one where
/// the peer can take it (Envoy 1.37 and later), else gathered first.
/// </summary>
/// <remarks>
/// It has no trailers: an immediate response cannot carry any, and whether one can be streamed depends on the mode. A gRPC request
/// is answered with <see cref="GrpcStatus"/> and the text as <c>grpc-message</c>, cut to what a header can be, never streamed.
/// </remarks>
/// <param name="status">HTTP status, 200 to 599.</param>
/// <exception cref="ArgumentOutOfRangeException">The status is outside 200 to 599: Envoy sends 200 in its place.</exception>
public sealed class LocalResponse(int status)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status is >= 200 and <= 599
        ? status
        : throw new ArgumentOutOfRangeException(nameof(status), status, "a local response needs a status from 200 to 599");

    /// <summary>Headers; one entry a line, so that repeated names stay apart.</summary>
    public ResponseHeaderLines Headers { get; } = new();

    /// <summary>The body as text, UTF-8; sets <c>content-type: text/plain</c> unless <see cref="Headers"/> has one.</summary>
    public string Text { get; init; } = "";

    /// <summary>The body as bytes; wins over <see cref="Text"/> when it is not empty.</summary>
    public ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>Writes the body piece by piece; wins over the others. The writer gives back-pressure: await its flush.</summary>
    public Func<PipeWriter, CancellationToken, Task>? WriteBody { get; init; }

    /// <summary>The gRPC status for gRPC requests; when not set it follows from the HTTP status by gRPC's own table.</summary>
    public int? GrpcStatus { get; init; }

    /// <summary>
    /// A reason code that appears in Envoy's response code details, our log and the exchange's notes. Cut after 128 characters; what is
    /// not a printable ASCII letter or sign, blanks too, becomes <c>_</c>.
    /// </summary>
    public string Details
    {
        get;
        init => field = Reasons.AsDetails(value);
    } = "";

    /// <summary>The most bytes gathered where <see cref="WriteBody"/> cannot be streamed; beyond it the exchange fails.</summary>
    /// <value>Default 1 MiB.</value>
    public int CollectLimitBytes { get; init; } = 1 << 20;

    /// <summary>Status, details and what kind of body; not the body, and no header's value.</summary>
    public override string ToString()
    {
        string body = WriteBody is not null ? "written" : Bytes.Length > 0 ? $"{Bytes.Length} bytes" : Text.Length > 0 ? $"{Text.Length} characters" : "none";
        return $"{Status}{(Details.Length > 0 ? $" {Details}" : "")}, body: {body}";
    }
}
