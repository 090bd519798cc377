using System.Text;
using ExtProc.Configuration;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.EndToEnd.Upstream;
using ExtProc.EndToEnd.Wire;
using ExtProc.Pipeline;
using ExtProc.Tests.Mischief;

namespace ExtProc.EndToEnd.Authors;

/// <summary>
/// Mischievous pipelines behind a real Envoy: the client gets a whole body, an answer or a broken-off response, in time; and no body
/// that has lost bytes looks whole to client or upstream.
/// </summary>
public sealed class MischiefTests
{
    private const int Pipelines = 25;
    private const int Exchanges = 500;
    private const int AtOnce = 8;
    private const int IdleBytes = 512 << 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly BodySendMode[] Modes = [BodySendMode.None, BodySendMode.Streamed, BodySendMode.Buffered, BodySendMode.BufferedPartial, BodySendMode.FullDuplexStreamed];

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task Five_hundred_exchanges_come_to_one_of_the_documented_ends(string version)
    {
        AuthorScene[] scenes = [.. Enumerable.Range(0, Pipelines).Select(SceneOf)];
        await using var lab = await AuthorLab.StartAsync(version, scenes);
        await Parallel.ForAsync(0, Exchanges, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (seed, cancel) =>
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            deadline.CancelAfter(Patience);
            await ExchangeAsync(lab, scenes[seed % Pipelines], seed, deadline.Token);
        });
        await AssertNothingWaitsAsync(lab, scenes);
    }

    /// <summary>What is left then are a few blocks of Envoy's idle connection.</summary>
    private static async Task AssertNothingWaitsAsync(AuthorLab lab, AuthorScene[] scenes)
    {
        using var deadline = new CancellationTokenSource(Patience);
        foreach (AuthorScene scene in scenes)
        {
            while (lab.Host(scene.Name).WaitingBytes is var waiting and > IdleBytes)
            {
                Assert.False(deadline.IsCancellationRequested, $"{scene.Name} kept {waiting} bytes");
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            }
        }
    }

    private static async Task ExchangeAsync(AuthorLab lab, AuthorScene scene, int seed, CancellationToken cancel)
    {
        var random = new Random(seed);
        byte[][] request = Pieces(random), response = Pieces(random);
        string testId = Visit.NextTestId();
        lab.Upstream.Answer(testId, (call, ended) => AnswerAsync(call, response, ended));
        var (client, upstream) = Cases.Protocols[seed % Cases.Protocols.Count];
        var call = Call.Post("/mischief", request) with { DeclaresLength = random.Next(2) == 0 };
        try
        {
            await using var exchange = await Caller.OpenAsync(client, lab.Envoy.PortOf(scene.Name), cancel);
            var answer = await Caller.SendAsync(exchange, call.HeadFor(Topology.AuthorityOf(upstream), testId), call, cancel);
            string? harm = HarmTo(answer, response) ?? await HarmToUpstreamAsync(lab, testId, request, cancel);
            Assert.True(harm is null, $"{harm}: {answer}");
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"exchange {seed} on {scene.Name} ({client} to {upstream}): {failure.Message}\n{scene}\n{lab.Envoy.Log.Tail(10)}", failure);
        }
    }

    private static string? HarmTo(Answer answer, byte[][] response)
    {
        bool isFromUpstream = answer.Headers.Any(line => line.Key == "x-from");
        return answer switch
        {
            { CutShort: not null } => null,
            _ when isFromUpstream => LettersOf(answer.Body) == LettersOf(response) ? null : "the client's body has lost bytes and looks whole",
            { Status: 418 or 415 or 413 or >= 500 and <= 504 } => null,
            _ => "nobody documents this answer",
        };
    }

    private static async Task<string?> HarmToUpstreamAsync(AuthorLab lab, string testId, byte[][] request, CancellationToken cancel)
    {
        if (!lab.Upstream.HasSeen(testId))
        {
            return null;
        }

        SeenRequest seen = await lab.Upstream.SeenAsync(testId, cancel);
        await seen.Ended.WaitAsync(cancel);
        return !seen.Complete || LettersOf(seen.Body) == LettersOf(request) ? null : "the upstream's body has lost bytes and looks whole";
    }

    private static async Task AnswerAsync(UpstreamCall call, byte[][] response, CancellationToken cancel)
    {
        await call.ReadAllAsync(cancel);
        await call.StartAsync(200, new Fields { { "x-from", "upstream" }, { "content-type", "text/plain" } }, cancel);
        foreach (byte[] piece in response)
        {
            await call.WriteAsync(piece, cancel);
        }

        await call.EndAsync(null, cancel);
    }

    /// <summary>Limits are small, so that they are met.</summary>
    private static AuthorScene SceneOf(int number)
    {
        var random = new Random(number);
        BodySendMode request = Modes[random.Next(Modes.Length)], response = Modes[random.Next(Modes.Length)];
        PipelineStep[] steps = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => StepOf(MischiefPlan.Random(random), random))];
        var modes = new ProcessingMode
        {
            RequestBodyMode = request, ResponseBodyMode = response, RequestTrailerMode = HeaderSendMode.Send, ResponseTrailerMode = HeaderSendMode.Send,
        };
        return new AuthorScene($"mischief-{number}", new PipelineDefinition($"mischief-{number}", steps), new EnvoyDeclaration { ProcessingMode = modes })
        {
            IsDeclared = false,
            Limits = limits => limits with { HandlerTimeout = TimeSpan.FromMilliseconds(200), CloseTimeout = TimeSpan.FromMilliseconds(200), HeldBytes = 64 << 10, PendingBytes = 64 << 10, AddedBytes = 100_000 },
        };
    }

    private static PipelineStep StepOf(MischiefPlan plan, Random random)
    {
        int seed = random.Next();
        return new(new ProcessorKind("mischief", typeof(MischievousProcessor), null, IsShared: false)
        {
            Create = () => new MischievousProcessor(plan, Interlocked.Increment(ref seed), null, TimeProvider.System),
        }, OnError: (OnError)random.Next(3));
    }

    private static byte[][] Pieces(Random random) =>
        [.. Enumerable.Range(0, random.Next(5)).Select(_ => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, random.Next(3000)).Select(_ => "abcdefghij0123456789"[random.Next(20)]))))];

    private static string LettersOf(params byte[][] pieces) =>
        string.Concat(pieces.SelectMany(piece => Encoding.ASCII.GetString(piece).ToLowerInvariant().Where(char.IsAsciiLetter)));
}
