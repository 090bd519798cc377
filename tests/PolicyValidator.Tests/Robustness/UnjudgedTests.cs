using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Robustness;

/// <summary>Where there is more than is judged, a finding says so at the first thing that was left out; up to the limit nothing does.</summary>
public sealed class UnjudgedTests
{
    public static TheoryData<string> Names => [.. LargeInputs.All.Select(input => input.Name)];

    [Theory, MemberData(nameof(Names))]
    public void What_is_within_the_limit_is_judged_whole(string name)
    {
        LargeInput input = LargeInputs.All.Single(each => each.Name == name);
        Assert.Equal([], Unjudged(input, input.Most).Select(finding => finding.Message));
    }

    [Theory, MemberData(nameof(Names))]
    public void What_is_beyond_it_is_told_where_it_begins(string name)
    {
        LargeInput input = LargeInputs.All.Single(each => each.Name == name);
        Finding[] found = Unjudged(input, input.Most + 1);
        Assert.Contains(found, finding => finding.Message.Contains(input.Says, StringComparison.Ordinal) && IsAtMark(finding));
        Assert.All(found, finding => Assert.Equal(Severity.Warning, finding.Severity));
    }

    [Theory, MemberData(nameof(Names)), Trait("Run", "all")]
    public void What_is_beyond_it_costs_no_more_than_its_text(string name) => AssertGrows(LargeInputs.All.Single(each => each.Name == name));

    [Fact]
    public void Patches_with_paths_of_their_own_cost_no_more_than_their_text() => AssertGrows(LargeInputs.All.Single(each => each.Name == "patches of trailer modes"));

    [Fact]
    public void However_much_is_beyond_it_is_told_once_for_each_thing() =>
        Assert.Single(Unjudged(LargeInputs.All.Single(each => each.Name == "clusters of one name"), 500));

    [Fact]
    public void A_filter_clashes_with_one_that_is_far_above_it()
    {
        string filters = LargeInputs.Filter("first", "{request_body_mode: STREAMED}") + "\n"
            + string.Concat(Enumerable.Range(0, 300).Select(at => LargeInputs.Filter($"between-{at}", "{request_body_mode: BUFFERED}") + "\n"))
            + LargeInputs.Filter("last", "{request_body_mode: STREAMED}") + "\n";
        Finding found = Assert.Single(Lint(Target.Parse("envoy=1.38")!, LargeInputs.Manager(filters, routes: 1)), finding => finding.Rule.Id == "EP175");
        Assert.Contains("by the ext_proc filter \"first\" above", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_filters_above_that_clash_are_counted_and_a_few_are_named()
    {
        string filters = string.Concat(Enumerable.Range(0, 100).Select(at => LargeInputs.Filter($"filter-{at}", "{request_body_mode: STREAMED}") + "\n"));
        Finding last = Lint(Target.Parse("envoy=1.38")!, LargeInputs.Manager(filters, routes: 1)).Last(finding => finding.Rule.Id == "EP175");
        Assert.Contains("99 ext_proc filters above (\"filter-0\", ", last.Message, StringComparison.Ordinal);
        Assert.Contains(" and 91 more)", last.Message, StringComparison.Ordinal);
        Assert.Equal(8, last.Related.Count);
    }

    [Fact]
    public void A_server_is_held_against_every_filter_that_is_sure_to_lead_to_it()
    {
        Finding[] found = [.. Lint(Target.Newest,
            "grpc_service: {envoy_grpc: {cluster_name: processor}}\n---\ngrpc_service: {envoy_grpc: {cluster_name: processor}}\nprocessing_mode: {request_body_mode: BUFFERED}\n",
            "listen: 127.0.0.1:9000\ntransport: {receiveLimitBytes: 64KiB}\npipeline:\n- name: audit\n")];
        Assert.Contains(found, finding => finding.Rule.Id == "EP156");
    }

    private static void AssertGrows(LargeInput input) => Assert.Null(WorkBound.Excess(Math.Max(10, input.Most / 2), times =>
    {
        string[] texts = input.Make(times);
        return () => Lint(input.Target, texts);
    }));

    private static bool IsAtMark(Finding finding) =>
        finding.Source.Line(finding.Source.PositionAt(finding.Span.Start).Line).ToString().Contains(LargeInput.Mark, StringComparison.Ordinal);

    private static Finding[] Unjudged(LargeInput input, int times) => [.. Lint(input.Target, [.. input.Make(times)]).Where(finding => finding.Rule.Id == "EP166")];

    private static IReadOnlyList<Finding> Lint(Target target, params string[] texts) =>
        Linter.Lint([.. texts.Select((text, at) => new SourceText($"{at}.yaml", text))], target, new()).Findings;
}
