using ExtProc.EndToEnd.Authors;
using ExtProc.EndToEnd.Lab;

namespace ExtProc.EndToEnd.Front;

/// <summary>The front and a real Envoy show client and upstream the same, whatever happens.</summary>
public sealed class AgreementTests
{
    private const int Scenes = 50;
    private const int StoriesEach = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(240);

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task Five_hundred_random_exchanges_come_out_alike(string version)
    {
        using var deadline = new CancellationTokenSource(Patience);
        AuthorScene[] scenes = [.. Enumerable.Range(0, Scenes).Select(RandomStories.Scene)];
        await using var lab = await AuthorLab.StartAsync(version, scenes);
        var differences = new List<string>();
        foreach (var scene in scenes)
        {
            await using var front = await StartAsync(lab, scene, version);
            for (int story = 0; story < StoriesEach; story++)
            {
                await CompareAsync(lab, front, scene, (story * Scenes) + Array.IndexOf(scenes, scene), differences, deadline.Token);
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} differ, such as\n{string.Join("\n\n", differences.Take(3))}");
    }

    private static async Task CompareAsync(AuthorLab lab, FrontHost front, AuthorScene scene, int number, List<string> differences, CancellationToken cancel)
    {
        var story = RandomStories.Story(number);
        var (client, upstream) = Protocols.For(story, number);
        var (atEnvoy, _) = await StoryTeller.TellAsync(lab, scene.Name, story, client, upstream, cancel);
        var (atFront, _) = await StoryTeller.TellAsync(front.PortOf(client), lab.Upstream, Topology.AuthorityOf(upstream), story, client, cancel);
        if (atEnvoy != atFront)
        {
            differences.Add($"story {number} on {scene.Name} ({client}, {scene.Envoy.ProcessingMode}):\n{story}\n--- the front shows\n{atFront}--- Envoy shows\n{atEnvoy}--- the front says\n{string.Join("\n", front.Log.All.TakeLast(3))}");
        }
    }

    private static Task<FrontHost> StartAsync(AuthorLab lab, AuthorScene scene, string version) => FrontHost.StartAsync(
        options =>
        {
            options.GrpcService = new Uri($"http://127.0.0.1:{lab.Host(scene.Name).Port}");
            options.ProcessingMode = scene.Envoy.ProcessingMode!;
            options.MessageTimeout = TimeSpan.FromSeconds(10);
            options.EnvoyVersion = Version.Parse(version);
        },
        lab.Upstream.AnswerAsync);
}
