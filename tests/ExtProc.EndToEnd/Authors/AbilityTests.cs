using Envoy.Runner;
using ExtProc.Abilities;
using ExtProc.EndToEnd.Clients;
using ExtProc.EndToEnd.Lab;
using ExtProc.Testing;

namespace ExtProc.EndToEnd.Authors;

/// <summary>What an author can do, behind a real Envoy: client and upstream see what the test host says that they see.</summary>
public sealed class AbilityTests(AbilityLabs labs) : IClassFixture<AbilityLabs>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string, string, BodySendMode> Each
    {
        get
        {
            var data = new TheoryData<string, string, BodySendMode>();
            foreach (var (version, ability, mode) in from version in Versions.Tested from ability in AbilityLabs.Of(version) from mode in ability.Modes select (version, ability, mode))
            {
                data.Add(version, ability.Name, mode);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Each))]
    public async Task An_author_can(string version, string name, BodySendMode mode)
    {
        using var deadline = new CancellationTokenSource(Patience);
        var lab = await labs.On(version);
        var ability = AllAbilities.Named(name);
        string scene = AbilityLabs.SceneOf(ability, mode);
        var before = await lab.Envoy.CountersAsync(scene, deadline.Token);
        Seen played = await ability.Play(mode).Attribute("request.method", "GET").RunAsync();

        var (sight, testId) = await StoryTeller.TellAsync(lab, scene, ability.Story, ClientProtocol.Http2, UpstreamProtocol.Http2, deadline.Token);

        Assert.Equal(Sight.Of(played), sight);
        var (completion, notes) = await lab.Host(scene).EndOfAsync(testId, deadline.Token);
        Assert.Equal(played.Notes, notes);
        Assert.Equal((played.Completion.Reason, played.Completion.Processor), (completion.Reason, completion.Processor));
        if (played.Details.Length > 0)
        {
            await lab.WaitForAccessLogAsync(testId, line => line.Contains($" {played.Details} ", StringComparison.Ordinal), deadline.Token);
        }

        Assert.Empty((await lab.Envoy.CountersAsync(scene, deadline.Token)).TroubleSince(before, []));
    }
}

/// <summary>A lab a release, with a scene for each ability and mode.</summary>
public sealed class AbilityLabs : IAsyncLifetime
{
    private readonly Dictionary<string, Lazy<Task<AuthorLab>>> labs = Versions.Tested.ToDictionary(version => version, version => new Lazy<Task<AuthorLab>>(() => AuthorLab.StartAsync(version, ScenesOf(version))));

    internal static IEnumerable<Ability> Of(string version) => AllAbilities.List.Where(ability => ability.Since is null || Versions.IsAtLeast(version, ability.Since));

    internal static string SceneOf(Ability ability, BodySendMode mode) => $"{ability.Name}-{mode}";

    internal Task<AuthorLab> On(string version) => labs[version].Value;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var lab in labs.Values.Where(lab => lab.IsValueCreated))
        {
            await (await lab.Value).DisposeAsync();
        }
    }

    private static AuthorScene[] ScenesOf(string version) =>
    [
        .. from ability in Of(version)
           from mode in ability.Modes
           select new AuthorScene(SceneOf(ability, mode), ability.Pipeline, ability.Declared(mode))
           {
               Filter = filter => filter with { AllowModeOverride = filter.AllowModeOverride && !ability.OverridesAreIgnored },
               NeedsRerouting = ability.Name == "the_route_is_chosen_again",
           },
    ];
}
