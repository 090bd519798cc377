using ExtProc.Front.Transcripts;

namespace ExtProc.Testing.Transcripts;

/// <summary>How a transcript writes what client and upstream saw; messages are written as <see cref="MessageNotation"/> does.</summary>
internal static class Notation
{
    /// <summary>What a peer saw, for the transcript's last lines.</summary>
    public static string Of(SeenMessage seen) => $"body={MessageNotation.Text(seen.BodyBytes.Span)} end={(seen.EndedCleanly ? "end_of_stream" : seen.WasReset ? "reset" : "none")}"
        + (seen.Trailers.Count == 0 ? "" : $" trailers: {string.Join(" ", seen.Trailers.Select(line => $"{line.Key}={line.Value}"))}");
}
