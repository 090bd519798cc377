using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Oracle;

/// <summary>Our verdict is Envoy's, for every recorded config and every recorded version.</summary>
public sealed class OracleVerdictTests
{
    public static TheoryData<string> Versions { get; } = new(OracleCase.Versions);

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_whole_file_is_refused_by_us_exactly_when_Envoy_refuses_it(string version) =>
        AssertSame(version, OracleCase.All, each => each.WholeFile());

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_bare_text_is_refused_by_us_exactly_when_Envoy_refuses_it_in_its_place(string version) =>
        AssertSame(version, OracleCase.All.Where(PlaceAlone.IsKnown), each => each.Config + "\n");

    private static void AssertSame(string version, IEnumerable<OracleCase> cases, Func<OracleCase, string> text)
    {
        Target target = Target.Parse($"envoy={version}")!;
        string[] disagreements =
        [
            .. from each in cases.AsParallel().AsOrdered()
               let findings = Verdict.ErrorsOf($"case.{each.Format}", text(each), target)
               where findings.Count == 0 != each.Accepted[version]
               select $"{each.Id} [{each.Place}/{each.Format}]: Envoy {(each.Accepted[version] ? "accepts" : "refuses")} it, we say {(findings.Count == 0 ? "nothing" : findings[0].Message)}\n{(each.Config.Length > 700 ? each.Config[..700] : each.Config)}",
        ];
        Assert.True(disagreements.Length == 0, $"{disagreements.Length} disagreements with Envoy {version}\n{string.Join('\n', disagreements)}");
    }
}
