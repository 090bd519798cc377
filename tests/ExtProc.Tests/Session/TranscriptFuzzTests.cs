using System.Diagnostics;
using ExtProc.Testing;
using Tests.Shared;

namespace ExtProc.Tests.Session;

/// <summary>
/// Recorded exchanges with pieces cut, doubled, swapped and replaced: each is played to its end or refused with its line, and neither
/// breaks nor stalls what plays it.
/// </summary>
public sealed class TranscriptFuzzTests
{
    private const int Seed = 20_261_128;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string[] Shards =
    [
        "> reqH [:method=GET :path=/]", "> reqB(0,e) \"\"", "> reqB(3) \"aaa\"", "> reqT [a=b]", "> resH(200) [:status=200]", "> resB(3,e) \"bbb\"", "> resT []", "\n", "\r\n", "\n> ", "\n| half-close\n", "\n| half-close",
        " observability", "protocol_config{req=BUFFERED res=NONE}", "protocol_config{req=STREAMED res=FULL_DUPLEX_STREAMED without_waiting}", "protocol_config{req=ODD res=NONE}", "BUFFERED_PARTIAL", "GRPC", "<70000 bytes 00112233>",
        "<99999999999999999999 bytes", "<2147483647 bytes", "(", ")", "(e)", "(,,e,)", "[", "]", "[[", "]]", "{", "}", "\"", "\\", "\\x", "\\x00", "\\xff", "\\\"", "=", ":", " ", "\t", "\0", "é", "\ud800", "\u2028", "content-length=99", "content-length=-1",
        ":status=", ":status=99999999999", ":status=100", "transfer-encoding=chunked", "x=", "=x", "-",
    ];

    private static readonly string[] Recorded =
    [
        .. Directory.EnumerateFiles(Repository.PathOf("tests", "ExtProc.Tests"), "*.txt", SearchOption.AllDirectories)
            .Where(path => path.Contains("/Transcripts/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(File.ReadAllText),
    ];

    [Fact]
    public Task Five_seconds_of_changed_transcripts_neither_break_nor_stall_a_play() => PlayAsync(TimeSpan.FromSeconds(5), Seed);

    [Fact, Trait("Run", "all")]
    public Task Two_minutes_of_changed_transcripts_neither_break_nor_stall_a_play() => PlayAsync(TimeSpan.FromMinutes(2), Seed + 100_000_000);

    public static TheoryData<string, string> Mistakes => new()
    {
        { "# about\n> reqX [a=b]", "line 2: not a line of a transcript; write \"> reqB(3,e) \\\"aaa\\\"\" and the like: > reqX [a=b]" },
        { "> reqB(3) aaa", "line 1: a body is written in quotes: > reqB(3) aaa" },
        { "\n\n> reqB(9) <99999999999 bytes 0011>", "line 3: a body is longer than 67108864 bytes: > reqB(9) <99999999999 bytes 0011>" },
        { "> reqB(9) <67108865 bytes 0011>", "line 1: a body is longer than 67108864 bytes: > reqB(9) <67108865 bytes 0011>" },
        { "> resB(9) <40000000 bytes 0011>\n> resB(9) <40000000 bytes 0011>", "line 2: a body is longer than 67108864 bytes: > resB(9) <40000000 bytes 0011>" },
        { "> reqH [] protocol_config{req=ODD res=NONE}", "line 1: \"ODD\" is not a body send mode: > reqH [] protocol_config{req=ODD res=NONE}" },
        { "> reqX" + new string('a', 1000), "line 1: not a line of a transcript; write \"> reqB(3,e) \\\"aaa\\\"\" and the like: > reqX" + new string('a', 194) + "..." },
    };

    [Theory, MemberData(nameof(Mistakes))]
    public void A_line_that_is_none_is_named(string transcript, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => Play.Through().Replay(transcript)).Message);

    [Theory]
    [InlineData("> reqH(e) [:method=GET :path=/] protocol_config{req=NONE res=NONE}\n> reqH(e) [:method=GET :path=/]", 2)]
    [InlineData("> reqH [:method=GET :path=/] protocol_config{req=NONE res=NONE}\n> reqB(1,e) \"a\"", 2)]
    [InlineData("> reqH [:method=GET :path=/] protocol_config{req=BUFFERED res=NONE}\n> reqB(1) \"a\"\n> reqB(1,e) \"a\"", 3)]
    [InlineData("> reqH [:method=GET :path=/] protocol_config{req=STREAMED res=NONE}\n> reqB(1,e) \"a\"\n> reqB(1,e) \"a\"\n> reqB(1,e) \"a\"\n> reqT [a=b]\n> reqT [a=b]", 6)]
    public async Task A_message_that_Envoy_cannot_send_is_named_and_not_waited_for(string transcript, int message)
    {
        FormatException refused = await Assert.ThrowsAsync<FormatException>(() => Play.Through().Replay(transcript).RunAsync().WaitAsync(Patience));
        Assert.StartsWith($"message {message} of the transcript is none that Envoy can send there", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Patterns that a matcher could go over again and again; a million letters of each must cost about as much as reading them.</summary>
    [Theory]
    [InlineData("> reqH ", "[")]
    [InlineData("> reqH ", "[]")]
    [InlineData("> reqH [", " a")]
    [InlineData("> reqH [", "] ")]
    [InlineData("> reqH(", "(e,")]
    [InlineData("> reqH [] ", "protocol_config{req=a")]
    [InlineData("> reqB(1) ", "<1")]
    [InlineData("> reqB(1) \"", "\\x")]
    public async Task No_line_takes_long(string start, string repeated)
    {
        string transcript = start + string.Concat(Enumerable.Repeat(repeated, 1_000_000 / repeated.Length));
        await Task.Run(() => Record.Exception(() => Play.Through().Replay(transcript))).WaitAsync(Patience);
    }

    private static async Task PlayAsync(TimeSpan howLong, int seed)
    {
        long start = Stopwatch.GetTimestamp();
        int played = 0, refused = 0;
        for (int count = 0; Stopwatch.GetElapsedTime(start) < howLong; count++)
        {
            string transcript = Changed(new Random(seed + count));
            try
            {
                Seen seen = await Task.Run(() => Play.Through().Replay(transcript).RunAsync()).WaitAsync(Patience);
                Assert.NotNull(seen.Transcript);
                played++;
            }
            catch (FormatException mistake) when (mistake.Message.StartsWith("line ", StringComparison.Ordinal) || mistake.Message.StartsWith("message ", StringComparison.Ordinal))
            {
                refused++;
            }
            catch (Exception broken)
            {
                throw new InvalidOperationException($"seed {seed + count}: {broken.GetType().Name}: {broken.Message}\n{transcript}", broken);
            }
        }

        Assert.True(played > 20 && refused > 5, $"only {played} were played and {refused} refused");
    }

    private static string Changed(Random random)
    {
        string text = Recorded[random.Next(Recorded.Length)];
        for (int changes = random.Next(1, 6); changes > 0; changes--)
        {
            text = random.Next(3) == 0 ? WithOtherLines(text, random) : WithOtherPieces(text, random);
        }

        return text;
    }

    private static string WithOtherLines(string text, Random random)
    {
        List<string> lines = [.. text.Split('\n')];
        int at = random.Next(lines.Count), other = random.Next(lines.Count);
        switch (random.Next(4))
        {
            case 0: lines.RemoveAt(at); break;
            case 1: lines.Insert(other, lines[at]); break;
            case 2: (lines[at], lines[other]) = (lines[other], lines[at]); break;
            default: lines[at] = Shards[random.Next(Shards.Length)]; break;
        }

        return string.Join('\n', lines);
    }

    private static string WithOtherPieces(string text, Random random)
    {
        int at = random.Next(text.Length + 1), length = Math.Min(random.Next(1, 20), text.Length - at);
        return random.Next(3) switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(random.Next(text.Length + 1), text.Substring(at, length)),
            _ => text.Insert(at, Shards[random.Next(Shards.Length)]),
        };
    }
}
