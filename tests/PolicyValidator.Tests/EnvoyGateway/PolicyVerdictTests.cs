using PolicyValidator.Rules;
using PolicyValidator.Tests.Oracle;

namespace PolicyValidator.Tests.EnvoyGateway;

/// <summary>Our verdict on a policy is that of the API server, then Envoy Gateway, then Envoy, in every release that was asked.</summary>
public sealed class PolicyVerdictTests
{
    public static TheoryData<string> Releases { get; } = new(PolicyCase.Releases);

    [Theory, MemberData(nameof(Releases))]
    public void A_policy_is_refused_by_us_exactly_when_somebody_on_its_way_refuses_it(string release)
    {
        Target target = Target.Parse($"eg={release}")!;
        string[] disagreements =
        [
            .. from each in PolicyCase.All
               where !PolicyCase.DependOnOtherObjects.Contains(each.Id)
               let errors = Verdict.ErrorsOf("policy.yaml", each.Policy, target)
               let refusal = each.Refusals.GetValueOrDefault(release)
               where errors.Count > 0 != refusal is not null
               select $"{each.Id}: {refusal ?? "accepted"}, we say {(errors.Count == 0 ? "nothing" : errors[0].Message)}",
        ];
        Assert.True(disagreements.Length == 0, $"{disagreements.Length} disagreements about Envoy Gateway {release}\n{string.Join('\n', disagreements)}");
    }

    [Fact]
    public void The_four_rows_that_other_objects_decide_are_refused_by_nobody_here()
    {
        PolicyCase[] others = [.. PolicyCase.All.Where(each => PolicyCase.DependOnOtherObjects.Contains(each.Id))];
        Assert.Equal(4, others.Length);
        Assert.All(others, each => Assert.Empty(Verdict.ErrorsOf("policy.yaml", each.Policy, Target.Parse("eg=1.9.1")!)));
    }

    [Fact]
    public void Every_error_stands_at_a_place_in_the_policy() => Assert.All(
        from each in PolicyCase.All
        from release in PolicyCase.Releases
        from error in Verdict.ErrorsOf("policy.yaml", each.Policy, Target.Parse($"eg={release}")!)
        select (each, error),
        found =>
        {
            Assert.StartsWith("/", found.error.Pointer, StringComparison.Ordinal);
            Assert.InRange(found.error.Span.End, found.error.Span.Start, found.each.Policy.Length);
        });
}
