using ExtProc.Attacks.Fuzz;
using ExtProc.Attacks.Running;
using Xunit.Abstractions;

namespace ExtProc.Attacks;

/// <summary>
/// No attack costs anybody else an exchange or a probe, or takes a process with a budget of 128 MiB above 256 MiB; afterwards it
/// gives memory back and ends in order.
/// </summary>
public sealed class AttackTests(ITestOutputHelper output)
{
    /// <summary>Configuration, and version of Envoy: the oldest and the newest under test.</summary>
    public static TheoryData<string, string> Grounds => Rows(AllAttacks.Grounds);

    /// <summary>Attack, and version of Envoy.</summary>
    public static TheoryData<string, string> Attacks =>
        Rows(AllAttacks.Names.SelectMany(name => AllAttacks.EnvoysOf(AllAttacks.Named(name).Config).Select(envoy => (name, envoy))));

    /// <summary>All attacks of one configuration, briefly, one after another on one server.</summary>
    [Theory]
    [MemberData(nameof(Grounds))]
    public async Task A_server_withstands_brief_attacks_in_turn(string config, string envoy)
    {
        IReadOnlyList<Attack> attacks = AllAttacks.For(config);
        Siege siege = await Siege.StartAsync(attacks[0].Config, envoy);
        try
        {
            List<string> complaints = [];
            foreach (Attack attack in attacks)
            {
                int before = complaints.Count;
                complaints.AddRange(await AttackAsync(siege, attack, isLong: false));
                siege = complaints.Count == before ? siege : await AnewAsync(siege, attack.Config, envoy);
            }

            RequireNone(complaints);
            await RequireOrderlyEndAsync(siege);
        }
        finally
        {
            await siege.DisposeAsync();
        }
    }

    /// <summary>Each attack at its full length, on a server of its own.</summary>
    [Theory]
    [MemberData(nameof(Attacks))]
    [Trait("Run", "all")]
    public async Task A_server_withstands(string attack, string envoy)
    {
        Attack named = AllAttacks.Named(attack);
        await using Siege siege = await Siege.StartAsync(named.Config, envoy);

        RequireNone(await AttackAsync(siege, named, isLong: true));
        await RequireOrderlyEndAsync(siege);
    }

    [Theory]
    [InlineData("RapidReset")]
    [InlineData("EmptyDataFrames")]
    [InlineData("SilentConnections")]
    [InlineData("ContinuationFlood")]
    public async Task A_server_ends_in_order_in_the_midst_of(string attack)
    {
        Attack named = AllAttacks.Named(attack);
        await using Siege siege = await Siege.StartAsync(named.Config.EndingSoon, envoy: "");

        Assert.True(await siege.EndWithinAsync(named), $"asked to end in the midst of {attack}, the server did not end in order");
    }

    private static TheoryData<string, string> Rows(IEnumerable<(string, string)> rows)
    {
        TheoryData<string, string> data = [];
        foreach ((string first, string second) in rows)
        {
            data.Add(first, second);
        }

        return data;
    }

    private async Task<IReadOnlyList<string>> AttackAsync(Siege siege, Attack attack, bool isLong)
    {
        Outcome outcome = await siege.WithstandAsync(attack, isLong);
        output.WriteLine(outcome + (attack is FuzzAttack { Seed: var seed } ? $" seed {seed}" : ""));
        Figures.Keep(outcome);
        List<string> complaints = [.. outcome.Complaints()];
        if (complaints.Count > 0 && attack is FuzzAttack fuzz)
        {
            complaints.Add($"{attack}: seed {fuzz.Seed}, the last inputs are in {fuzz.SaveInputs()}");
        }

        return complaints;
    }

    private static void RequireNone(IReadOnlyList<string> complaints) => Assert.True(complaints.Count == 0, string.Join('\n', complaints));

    /// <summary>Another server, so that what one attack left is not held against the next.</summary>
    private static async Task<Siege> AnewAsync(Siege siege, Config config, string envoy)
    {
        await siege.DisposeAsync();
        return await Siege.StartAsync(config, envoy);
    }

    private static async Task RequireOrderlyEndAsync(Siege siege)
    {
        long idle = await siege.RecoverAsync();
        Assert.True(idle <= Siege.IdleLimitBytes, $"an idle server keeps {idle >> 20} MiB of memory");
        Assert.True(await siege.EndAsync(), "the server did not end in order when it was asked to");
    }
}
