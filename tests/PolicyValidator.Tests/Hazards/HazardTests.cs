using PolicyValidator.Inputs;
using PolicyValidator.Rules;
using PolicyValidator.Tests.Oracle;
using Tests.Shared;

namespace PolicyValidator.Tests.Hazards;

/// <summary>
/// The warnings and hints of every config that a real Envoy accepts are those that the hazard table says, and no others. The rule of
/// hazard Hnn is EP1nn, or EP2nn where it is a hint.
/// </summary>
public sealed class HazardTests
{
    public static TheoryData<string> Versions { get; } = new(OracleCase.Versions);

    [Theory, MemberData(nameof(Versions))]
    public void Every_accepted_config_shows_its_hazards_and_no_others(string version)
    {
        ILookup<string, string> expected = Expected(version);
        string[] differences =
        [
            .. from each in OracleCase.All.Where(each => each.Accepted[version] && !each.Id.StartsWith("found-", StringComparison.Ordinal)).AsParallel().AsOrdered()
               let found = Found(each, version)
               let wanted = string.Join(' ', expected[each.Id])
               where found != wanted
               select $"{each.Id}: expected [{wanted}], found [{found}]",
        ];
        Assert.True(differences.Length == 0, $"{differences.Length} differences on {version}\n{string.Join('\n', differences)}");
    }

    [Fact]
    public void Every_expected_config_is_one_of_the_recorded_ones() =>
        Assert.Empty(Lines().Select(line => line.Id).Except(OracleCase.All.Select(each => each.Id)));

    private static string Found(OracleCase each, string version) => string.Join(' ', Linter
        .Lint([new SourceText($"case.{each.Format}", each.WholeFile())], Target.Parse($"envoy={version}")!, new LintOptions())
        .Findings
        .Where(finding => finding.Severity != Severity.Error)
        .Select(finding => string.CompareOrdinal(finding.Rule.Id, "EP100") < 0 ? finding.Rule.Id : $"H{finding.Rule.Id[3..]}")
        .Distinct()
        .Order(StringComparer.Ordinal));

    private static ILookup<string, string> Expected(string version) => Lines()
        .SelectMany(line => line.Hazards.Select(hazard => hazard.Split('@')).Select(hazard => (line.Id, Hazard: hazard[0], Versions: hazard.ElementAtOrDefault(1)?.Split(',') ?? OracleCase.Versions)))
        .Where(line => line.Versions.Contains(version))
        .ToLookup(line => line.Id, line => line.Hazard);

    private static IEnumerable<(string Id, string[] Hazards)> Lines() =>
        File.ReadAllLines(Repository.PathOf("tests", "PolicyValidator.Tests", "Hazards", "expected.tsv"))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split('\t'))
            .Select(parts => (parts[0], parts[1].Split(' ')));
}
