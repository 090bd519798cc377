using PolicyValidator.Fixes;
using PolicyValidator.Inputs;
using PolicyValidator.Reporting;
using PolicyValidator.Rules;
using Tests.Shared;

namespace PolicyValidator.Tests.Robustness;

/// <summary>The time of a lint grows with what is linted, and not with its square, whatever there is many times.</summary>
public sealed class GrowthTests
{
    private const int Times = 100, TimesOfAll = 40;

    private static readonly string Folder = Repository.PathOf("tests", "PolicyValidator.Tests", "Surfaces", "Corpus");

    /// <summary>A rule or a file, what of it grows, and whether the copies have names of their own.</summary>
    public static TheoryData<string, string, bool> Pairs => new()
    {
        { "EP019", "lists /static_resources/listeners/0/filter_chains/0/filters/0/typed_config/route_config/virtual_hosts and /static_resources/listeners/0/filter_chains/0/filters/0/typed_config/http_filters", false },
        { "EP019", "lists /static_resources/listeners/0/filter_chains/0/filters/0/typed_config/route_config/virtual_hosts and /static_resources/listeners/0/filter_chains/0/filters/0/typed_config/http_filters", true },
        { "EP027", "documents", false },
        { "EP027", "documents", true },
        { "EP054", "files", false },
        { "EP055", "documents", true },
        { "EP080", "documents", false },
        { "EP140", "documents", true },
        { "EP157", "documents", true },
        { "EP161", "files", false },
        { "EP161", "documents", true },
        { "EP180", "list /spec/configPatches", false },
        { "EP183", "documents", false },
        { "EP188", "files", true },
        { "EP265", "lists /route_config/virtual_hosts and /http_filters", true },
        { "agentgateway-1.4.yaml", "documents", true },
        { "buffers.yaml", "lists /static_resources/listeners/0/filter_chains/0/filters/0/typed_config/http_filters and /static_resources/clusters", false },
        { "envoyfilter-merge.yaml", "documents", false },
        { "envoyproxy-patches.yaml", "documents", true },
        { "gke.yaml", "documents", true },
        { "inference-extension.yaml", "files", false },
        { "kgateway-2.3.yaml", "documents", true },
        { "kgateway.yaml", "documents", false },
        { "patch-list.yaml", "files", true },
    };

    public static TheoryData<string> Seeds => [.. RuleCatalog.All.Select(rule => rule.Id), .. Directory.EnumerateFiles(Folder, "*.yaml").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Pairs))]
    public void What_is_there_four_times_as_often_takes_no_longer_than_that(string seed, string what, bool renamed)
    {
        Growth growth = Of(seed).Single(each => each.Name == $"{seed}: {what}{(renamed ? ", names of their own" : "")}");
        Assert.Null(WorkBound.Excess(Times, times => Lint(growth, times)));
    }

    [Theory, MemberData(nameof(Seeds)), Trait("Run", "all")]
    public void Everything_that_can_be_there_many_times_takes_no_longer_than_that(string seed) =>
        Assert.All(Of(seed), growth => Assert.Null(WorkBound.Excess(TimesOfAll, times => Lint(growth, times))));

    [Fact]
    public void Fixes_in_one_file_take_no_longer_than_that() => Assert.Null(WorkBound.Excess(2_000, times =>
    {
        SourceText source = new("a.yaml", string.Concat(Enumerable.Repeat(RuleWords.One("EP001")!.Bad + "---\n", times)));
        return () => Assert.True(FixApplier.Apply(source, text => Linter.Lint([text], Target.Newest, new() { Rules = [RuleWords.One("EP001")!] }), unsafeToo: true).Applied >= times);
    }));

    [Theory]
    [InlineData("a.json", "[", ", ", "]", "FULL_DUPLEX_STREAMED")]
    [InlineData("a.yaml", "[", ", ", "]\n", "FULL_DUPLEX_STREAMED")]
    [InlineData("a.yaml", "- ", "\n- ", "\n", "&a FULL_DUPLEX_STREAMED, request_trailer_mode: &b SKIP, response_trailer_mode: *b")]
    public void Findings_with_a_fix_take_no_longer_than_that(string name, string before, string between, string behind, string mode) => Assert.Null(WorkBound.Excess(1_000, times =>
    {
        string filter = "{\"typed_config\": {\"@type\": \"type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\", \"processing_mode\": {\"request_body_mode\": MODE}}}"
            .Replace("MODE", name == "a.json" ? $"\"{mode}\"" : mode, StringComparison.Ordinal);
        SourceText source = new(name, before + string.Join(between, Enumerable.Repeat(filter, times)) + behind);
        return () => Assert.Equal(times, Linter.Lint([source], Target.Newest, new()).Findings.Count(finding => finding.Rule.Id == "EP001"));
    }));

    [Fact]
    public void Fixes_in_many_files_take_no_longer_than_that() => Assert.Null(WorkBound.Excess(300, times =>
    {
        SourceText[] sources = [.. Enumerable.Range(0, times).Select(at => new SourceText($"{at}.yaml", RuleWords.One("EP001")!.Bad))];
        return () => Assert.Equal(times, FixApplier.Apply(sources, texts => Linter.Lint(texts, Target.Newest, new()), unsafeToo: true).Applied.Count(made => made > 0));
    }));

    public static TheoryData<string> Formats => [.. Reporters.Names];

    [Theory, MemberData(nameof(Formats))]
    public void A_report_of_many_findings_takes_no_longer_than_that(string format) => Assert.Null(WorkBound.Excess(4_000, times =>
    {
        SourceText source = new("a.json", "{\"grpc_service\": {}" + string.Concat(Enumerable.Range(0, times).Select(at => $", \"wrong{at}\": 1")) + "}");
        LintReport report = new(Target.Newest, FileReports.Of(Linter.Lint([source], Target.Newest, new())));
        return () => Reporters.Named(format, colours: false).Write(report, TextWriter.Null);
    }));

    [Theory]
    [InlineData("a\n", "b\n")]
    [InlineData("a\nb\n", "b\na\n")]
    [InlineData("a\n", "")]
    public void A_difference_takes_no_longer_than_that(string before, string after) => Assert.Null(WorkBound.Excess(5_000, times =>
    {
        string old = Lines(before, times), now = Lines(after, times);
        return () => Assert.NotEmpty(UnifiedDiff.Of("a.yaml", old, now + "end\n"));
    }));

    private static string Lines(string text, int times) =>
        string.Concat(Enumerable.Range(0, times).Select(at => text.Replace("\n", $"{at}\n", StringComparison.Ordinal)));

    private static Action Lint(Growth growth, int times)
    {
        IReadOnlyList<SourceText> texts = growth.Make(times);
        return () => Linter.Lint(texts, growth.Target, new());
    }

    private static IEnumerable<Growth> Of(string seed)
    {
        if (RuleWords.One(seed) is { } rule)
        {
            return Growth.Of(seed, rule.ExampleTarget, rule.Bad);
        }

        string text = File.ReadAllText(Path.Combine(Folder, seed));
        string? target = text.Split('\n').FirstOrDefault(line => line.StartsWith("# target:", StringComparison.Ordinal))?["# target:".Length..].Trim().Split(' ', ',')[0];
        return Growth.Of(seed, target is null ? Target.Newest : Target.Parse(target) ?? Target.Newest, text);
    }
}
