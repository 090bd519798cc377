using System.Net;
using ExtProc.Samples;
using ExtProc.Testing;
using Polly;

namespace ExtProc.Tests.Samples;

/// <summary>The samples do what they say, in every mode that can serve them.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task Tag_sets_its_header_in_every_mode()
    {
        PlayCount count = await Play.Through(() => new Tag(new())).Request("POST", "/", "body").Response(200, "answer")
            .ForEveryModeAndSplit(seen => Assert.Equal(("seen", "body", "answer"), (seen.Upstream["x-tag"], seen.Upstream.Body, seen.Client.Body)));

        Assert.True(count is { Played: > 0, Refused: 0 });
    }

    [Fact]
    public async Task Mask_replaces_its_word_wherever_the_body_is_cut()
    {
        PlayCount count = await Play.Through(() => new Mask(new() { Word = "secret" })).Response(200, "my secret is secretsecre")
            .ForEveryModeAndSplit(seen => Assert.Equal(("my [redacted] is [redacted]secre", true), (seen.Client.Body, seen.Client.EndedCleanly)));

        Assert.True(count is { Played: > 0, Refused: > 0 });
    }

    [Fact]
    public async Task RouteByModel_sets_its_header_after_the_body_was_seen()
    {
        PlayCount count = await Play.Through(() => new RouteByModel()).Request("POST", "/", """{"model":"small","n":1}""").Response(200)
            .ForEveryModeAndSplit(seen =>
            {
                Assert.Equal("small", seen.Upstream["x-model"]);
                Assert.Equal("""{"model":"small","n":1}""", seen.Upstream.Body);
                Assert.True(seen.RouteCacheCleared);
            });

        Assert.True(count is { Played: > 0, Refused: > 0 });
    }

    [Theory]
    [InlineData("{}", 400, PlayOutcome.Responded)]
    [InlineData("not JSON", 500, PlayOutcome.Failed)]
    [InlineData(null, 200, PlayOutcome.Passed)]
    public async Task RouteByModel_answers_fails_or_passes_what_names_no_model(string? body, int status, PlayOutcome outcome)
    {
        Seen seen = await Play.Through(() => new RouteByModel()).Request("POST", "/", body).RunAsync();

        Assert.Equal((status, outcome), (seen.Client.Status, seen.Outcome));
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, true, 200)]
    [InlineData(HttpStatusCode.OK, false, 403)]
    [InlineData(HttpStatusCode.InternalServerError, false, 503)]
    public async Task Moderate_passes_refuses_or_answers_503(HttpStatusCode status, bool allows, int expected)
    {
        using var client = Service(_ => Answer(status, allows));
        Seen seen = await Moderated(client, Moderate.Guard(TimeProvider.System)).RunAsync();

        Assert.Equal(expected, seen.Client.Status);
        Assert.Equal(expected == 503, seen.Notes.Any(note => note.StartsWith("moderation: ", StringComparison.Ordinal)));
        Assert.Equal(expected == 503 ? "5" : null, seen.Client["retry-after"]);
    }

    [Fact]
    public async Task Moderate_gives_up_after_its_time()
    {
        var clock = new ManualClock();
        using var client = Service(async cancellation =>
        {
            _ = Task.Run(() => clock.Advance(TimeSpan.FromSeconds(1)), CancellationToken.None);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return Answer(HttpStatusCode.OK, allows: true);
        });
        Seen seen = await Moderated(client, Moderate.Guard(clock)).RunAsync();

        Assert.Equal((503, "moderation_unavailable"), (seen.Client.Status, seen.Details));
        Assert.Equal(["moderation: TimeoutRejectedException"], seen.Notes);
    }

    [Fact]
    public async Task Moderate_stops_asking_a_service_that_fails()
    {
        int asked = 0;
        using var client = Service(_ =>
        {
            asked++;
            return Answer(HttpStatusCode.InternalServerError, allows: false);
        });
        ResiliencePipeline<bool> guard = Moderate.Guard(TimeProvider.System);
        for (int i = 0; i < 30; i++)
        {
            Assert.Equal(503, (await Moderated(client, guard).RunAsync()).Client.Status);
        }

        Assert.InRange(asked, 20, 25);
    }

    [Fact]
    public async Task ServeFile_answers_from_its_folder_and_lets_the_rest_pass()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("serve-file-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "a.bin"), new string('x', 100_000));
            Play play = Play.Through(() => new ServeFile(new() { Folder = folder.FullName })).Response(404);
            foreach (BodySendMode mode in (BodySendMode[])[BodySendMode.None, BodySendMode.Streamed, BodySendMode.Buffered, BodySendMode.FullDuplexStreamed])
            {
                Seen seen = await play.In(mode).Envoy(envoy => envoy with { Version = new(1, 37) }).Request("GET", "/files/a.bin").RunAsync();
                Assert.Equal((200, 100_000, true), (seen.Client.Status, seen.Client.BodyBytes.Length, seen.Client.EndedCleanly));
                Assert.Equal(404, (await play.In(mode).Request("GET", "/files/b.bin").RunAsync()).Client.Status);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Play Moderated(HttpClient client, ResiliencePipeline<bool> guard) =>
        Play.Through(() => new Moderate(client, guard)).Request("POST", "/", "text").Response(200);

    private static HttpResponseMessage Answer(HttpStatusCode status, bool allows)
    {
        var answer = new HttpResponseMessage(status);
        if (allows)
        {
            answer.Headers.Add("x-allowed", "yes");
        }

        return answer;
    }

    private static HttpClient Service(Func<CancellationToken, HttpResponseMessage> answer) => Service(cancellation => Task.FromResult(answer(cancellation)));

    private static HttpClient Service(Func<CancellationToken, Task<HttpResponseMessage>> answer) =>
        new(new Handler(answer)) { BaseAddress = new Uri("http://moderation.test") };

    private sealed class Handler(Func<CancellationToken, Task<HttpResponseMessage>> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => answer(cancellationToken);
    }
}
