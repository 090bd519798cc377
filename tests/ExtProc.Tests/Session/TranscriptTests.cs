using ExtProc.Processors;
using ExtProc.Testing;
using ExtProc.Tests.Pipeline;
using Tests.Shared;

namespace ExtProc.Tests.Session;

/// <summary>
/// Envoy's side of recorded exchanges, replayed: each file is the whole conversation, and the server's lines in it must be what it
/// says today.
/// </summary>
public sealed class TranscriptTests
{
    private const string Folder = "tests/ExtProc.Tests/Session/Transcripts";

    private static readonly Dictionary<string, Play> Plays = new()
    {
        ["G01-full-duplex-with-trailers"] = Play.Through(),
        ["G02-buffered"] = Play.Through(),
        ["G03-buffered-trailers-skipped"] = Play.Through(),
        ["G04-streamed-body-before-headers-answer"] = Play.Through(),
        ["G05-full-duplex-grpc-bidirectional"] = Play.Through(),
        ["G06-full-duplex-held-whole"] = Play.Through(Whole),
        ["G07-no-bodies"] = Play.Through(),
        ["G08-mode-override-with-headers-answer"] = Play.Through(Scripted.Upper).Envoy(envoy => envoy with { AllowModeOverride = true, TrustModeOverride = true }),
        ["G09-headers-only"] = Play.Through(() => new HeadersProcessor(new() { Request = new() { Set = new Dictionary<string, string> { ["x-seen"] = "1" } } })),
        ["G10-immediate-response-to-second-chunk"] = Play.Through(Denying),
        ["G11-local-response-to-full-duplex"] = Play.Through(() => new Scripted { RequestHeaders = (_, _) => Verdict.Respond(201, "here") }),
        ["G12-response-headers-only"] = Play.Through(),
        ["G13-no-end-before-envoys"] = Play.Through(),
        ["G14-half-close-while-holding"] = Play.Through(WholeResponse),
        ["G15-response-before-request-ended"] = Play.Through(Scripted.UpperRequest),
    };

    public static TheoryData<string> Names => [.. Plays.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_recorded_exchange_is_answered_as_written(string name)
    {
        string path = $"{Folder}/{name}.txt";
        string text = await File.ReadAllTextAsync(Repository.PathOf(path));
        Seen seen = await Plays[name].Replay(text).RunAsync();
        string about = string.Concat(text.Split('\n').TakeWhile(line => line.StartsWith('#')).Select(line => line + "\n"));

        Golden.File(path, about + seen.Transcript);
        Assert.Empty(seen.Violations);
    }

    [Fact]
    public void Every_transcript_is_replayed() =>
        Assert.Equal(Plays.Keys.Order(), Directory.GetFiles(Repository.PathOf(Folder), "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)).Order());

    private static Scripted Whole() => new()
    {
        Needs = needs => needs.RequestBody = needs.ResponseBody = BodyNeed.Whole(1 << 20),
        RequestBody = (_, _, _) => Verdict.Continue,
        ResponseBody = (_, _, _) => Verdict.Continue,
    };

    private static Scripted WholeResponse() => new()
    {
        Needs = needs => needs.ResponseBody = BodyNeed.Whole(1 << 20),
        ResponseBody = (_, _, _) => Verdict.Continue,
    };

    private static Scripted Denying() => new()
    {
        RequestBody = (_, body, _) => body.Position == 0 ? Verdict.Continue : Verdict.Respond(new LocalResponse(403) { Text = "denied", Headers = { ["x-imm"] = "1" } }),
    };
}
