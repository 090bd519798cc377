using System.IO.Compression;
using System.Text;
using ExtProc.Testing;

namespace ExtProc.Tests.Mischief;

/// <summary>
/// Whatever processors do, an exchange comes to one of the documented ends: it passes whole, is answered, or fails in sight of the
/// client. It never hangs, and no body loses bytes and ends as if it were whole.
/// </summary>
public sealed class MischiefTests
{
    [Fact]
    public Task A_thousand_mischievous_pipelines_do_no_harm() => PlayAsync(0, 1000);

    [Fact]
    [Trait("Run", "all")]
    public Task Twenty_thousand_mischievous_pipelines_do_no_harm() => PlayAsync(1000, 20_000);

    private static Task PlayAsync(int firstSeed, int count) =>
        Parallel.ForAsync(firstSeed, firstSeed + count, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (seed, _) =>
        {
            RandomPlay play = new(seed);
            Seen seen = await play.RunAsync();
            string? harm = Harm(play, seen);
            Assert.True(harm is null, $"seed {seed}: {harm}\n{play}\n{play.Play.Settings.Modes}\n{play.Play.Settings.Envoy}\n{seen}\n{string.Join("\n", seen.Notes)}\n{string.Join("\n", seen.Logs)}");
        });

    private static string? Harm(RandomPlay play, Seen seen) =>
        play.Record.Broken
        ?? seen.Violations.FirstOrDefault(violation => !IsAuthors(violation))
        ?? Loss(seen.Upstream, play.Play.Settings, Direction.Request)
        ?? (seen.Client.EndedCleanly && IsFromUpstream(seen) ? Loss(seen.Client, play.Play.Settings, Direction.Response) : null)
        ?? WrongEnd(play, seen);

    private static string? WrongEnd(RandomPlay play, Seen seen) => seen.Outcome switch
    {
        PlayOutcome.Passed when !seen.Client.EndedCleanly => "it passed, and the client's response has no end",
        PlayOutcome.Responded when seen.Client.EndedCleanly && seen.Client.Status is not (418 or 413 or 415 or 502 or 500 or 504) => $"answered with {seen.Client.Status}",
        PlayOutcome.Failed when !play.Play.Settings.Envoy.FailureModeAllow && seen.Client.EndedCleanly && seen.Client.Status < 500 => "it failed, and the client does not see it",
        PlayOutcome.Hung => "it hung",
        _ when seen.GrpcMessage.StartsWith(Reasons.Draining, StringComparison.Ordinal) => "nobody stopped the server",
        _ when seen.GrpcStatus == 13 => "a failure of the server itself",
        _ => null,
    };

    /// <summary>A processor's own odd value, which Envoy leaves out while the exchange goes on.</summary>
    private static bool IsAuthors(string violation) => violation.StartsWith("Envoy ignores :status \"v\"", StringComparison.Ordinal);

    private static bool IsFromUpstream(Seen seen) =>
        seen.Client["x-from"] == "upstream";

    /// <summary>What a message that ended cleanly has lost.</summary>
    private static string? Loss(SeenMessage message, PlaySettings settings, Direction direction)
    {
        Traffic? sent = direction is Direction.Request ? settings.Request : settings.Response;
        if (!message.EndedCleanly || sent?.Body is not { } body)
        {
            return null;
        }

        if (message["content-length"] is { } length && length != $"{message.BodyBytes.Length}")
        {
            return $"content-length {length} with {message.BodyBytes.Length} bytes";
        }

        bool wasCompressed = sent.Headers.Any(line => line.Key == "content-encoding");
        if (wasCompressed && !settings.Modes.SendsHeaders(direction))
        {
            return null; // nobody can see that it is compressed
        }

        string before = LettersOf(body, wasCompressed), after = LettersOf(message.BodyBytes, message["content-encoding"] is not null);
        return before == after ? null : $"of {before.Length} letters {after.Length} arrived, or not the same ones";
    }

    private static string LettersOf(ReadOnlyMemory<byte> body, bool isCompressed)
    {
        if (!isCompressed || body.IsEmpty)
        {
            return string.Concat(Encoding.ASCII.GetString(body.Span).ToLowerInvariant().Where(char.IsAsciiLetter));
        }

        using MemoryStream plain = new();
        using GZipStream gzip = new(new MemoryStream(body.ToArray()), CompressionMode.Decompress);
        try
        {
            gzip.CopyTo(plain);
        }
        catch (InvalidDataException)
        {
            return "(it does not decode)";
        }

        return LettersOf(plain.ToArray(), isCompressed: false);
    }
}
