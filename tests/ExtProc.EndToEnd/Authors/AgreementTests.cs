using ExtProc.Abilities;
using ExtProc.EndToEnd.Lab;
using ExtProc.Testing;

namespace ExtProc.EndToEnd.Authors;

/// <summary>The test host and a real Envoy show client and upstream the same, whatever happens.</summary>
public sealed class AgreementTests
{
    private const int Scenes = 40;
    private const int StoriesEach = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Theory]
    [MemberData(nameof(Versions.Each), MemberType = typeof(Versions))]
    public async Task Two_hundred_random_exchanges_come_out_alike(string version)
    {
        using var deadline = new CancellationTokenSource(Patience);
        AuthorScene[] scenes = [.. Enumerable.Range(0, Scenes).Select(RandomStories.Scene)];
        await using var lab = await AuthorLab.StartAsync(version, scenes);
        var differences = new List<string>();
        var outcomes = new Dictionary<PlayOutcome, int>();
        for (int number = 0; number < Scenes * StoriesEach; number++)
        {
            var scene = scenes[number % Scenes];
            var story = RandomStories.Story(number);
            Seen played = await story.Through(scene.Pipeline).In(scene.Envoy.ProcessingMode!).Envoy(_ => scene.Envoy).RunAsync();
            outcomes[played.Outcome] = outcomes.GetValueOrDefault(played.Outcome) + 1;

            var (client, upstream) = Protocols.For(story, number);
            var (sight, _) = await StoryTeller.TellAsync(lab, scene.Name, story, client, upstream, deadline.Token);

            if (Sight.Of(played) != sight || played.Violations.Count > 0)
            {
                differences.Add($"story {number} on {scene.Name} ({client} to {upstream}, {scene.Envoy.ProcessingMode}):\n{played}\n--- the test host shows\n{Sight.Of(played)}--- Envoy {version} shows\n{sight}");
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} differ, such as\n{string.Join("\n\n", differences.Take(3))}");
        Assert.True(outcomes.Keys.Count >= 3, "the stories end in too few ways");
    }
}
