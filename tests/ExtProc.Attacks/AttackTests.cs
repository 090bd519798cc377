using ExtProc.Attacks.Running;
using Xunit.Abstractions;

namespace ExtProc.Attacks;

/// <summary>
/// No attack costs anybody else an exchange or a probe, or takes a process with a budget of 128 MiB above 256 MiB; afterwards it
/// gives memory back and ends in order.
/// </summary>
public sealed class AttackTests(ITestOutputHelper output)
{
    public static TheoryData<string> Configurations => [.. AllAttacks.Configurations];

    public static TheoryData<string> Names => [.. AllAttacks.Names];

    /// <summary>All attacks of one configuration, briefly, one after another on one server.</summary>
    [Theory]
    [MemberData(nameof(Configurations))]
    public async Task A_server_withstands_brief_attacks_in_turn(string config)
    {
        await using Siege siege = await Siege.StartAsync(config);
        List<string> complaints = [];
        foreach (Attack attack in AllAttacks.For(config))
        {
            complaints.AddRange(await AttackAsync(siege, attack, isLong: false));
            if (siege.IsOver)
            {
                break;
            }
        }

        Assert.Empty(complaints);
        await RequireOrderlyEndAsync(siege);
    }

    /// <summary>Each attack at its full length, on a server of its own.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Run", "all")]
    public async Task A_server_withstands(string attack)
    {
        await using Siege siege = await Siege.StartAsync(AllAttacks.Named(attack).Config);

        Assert.Empty(await AttackAsync(siege, AllAttacks.Named(attack), isLong: true));
        await RequireOrderlyEndAsync(siege);
    }

    private async Task<IEnumerable<string>> AttackAsync(Siege siege, Attack attack, bool isLong)
    {
        Outcome outcome = await siege.WithstandAsync(attack, isLong);
        output.WriteLine(outcome.ToString());
        Figures.Keep(outcome);
        return outcome.Complaints();
    }

    private static async Task RequireOrderlyEndAsync(Siege siege)
    {
        long idle = await siege.RecoverAsync();
        Assert.True(idle <= Siege.IdleLimitBytes, $"an idle server keeps {idle >> 20} MiB of memory");
        Assert.True(await siege.EndAsync(), "the server did not end in order when it was asked to");
    }
}
