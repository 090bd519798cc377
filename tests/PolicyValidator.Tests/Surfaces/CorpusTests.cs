using System.Text.RegularExpressions;
using PolicyValidator.Fixes;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;
using Tests.Shared;

namespace PolicyValidator.Tests.Surfaces;

/// <summary>Whole files as people write them. The lines with errors and warnings carry the rule's id; all others have none.</summary>
public sealed partial class CorpusTests
{
    public static TheoryData<string> Files { get; } = [.. Directory.GetFiles(Folder, "*.yaml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static readonly string[] Kinds = ["[]", "{}", "[1]", "5", "~", "[[]]", "x"];

    private static string Folder => Repository.PathOf("tests", "PolicyValidator.Tests", "Surfaces", "Corpus");

    [Theory, MemberData(nameof(Files))]
    public void Errors_and_warnings_stand_at_the_marked_lines_and_nowhere_else(string file)
    {
        SourceText source = new(file, File.ReadAllText(Path.Combine(Folder, file)));
        IEnumerable<string> found = Linter.Lint([source], TargetOf(source.Text), new LintOptions()).Findings
            .Where(finding => finding.Severity != Severity.Hint)
            .Select(finding => $"{source.PositionAt(finding.Span.Start).Line} {finding.Rule.Id}")
            .Distinct();
        Assert.Equal(source.Text.Split('\n').Index().SelectMany(line => Mark().Matches(line.Item).Select(mark => $"{line.Index + 1} {mark.Groups[1].Value}")), found);
    }

    [Theory]
    [InlineData("configmap-block.yaml", "request_trailer_mode: SKIP", "request_trailer_mode: SEND", true)]
    [InlineData("envoyproxy-bootstrap.yaml", "# EP001\n", "# EP001\n                      request_trailer_mode: SEND\n", false)]
    [InlineData("kgateway.yaml", "# EP001\n", "# EP001\n      requestTrailerMode: SEND\n", false)]
    [InlineData("gcloud.yaml", "RESPONSE_BODY]", "RESPONSE_BODY, RESPONSE_TRAILERS]", false)]
    public void Fixes_are_made_in_the_user_s_own_text(string file, string before, string after, bool unsafeToo)
    {
        string text = File.ReadAllText(Path.Combine(Folder, file));
        FixedText done = FixApplier.Apply(new SourceText(file, text), source => Linter.Lint([source], TargetOf(text), new LintOptions()), unsafeToo);
        Assert.Contains(after, done.Source.Text, StringComparison.Ordinal);
        Assert.Equal(text, done.Source.Text.Replace(after, before, StringComparison.Ordinal));
    }

    [Fact]
    public void What_stands_in_a_quoted_scalar_is_not_edited()
    {
        string text = File.ReadAllText(Path.Combine(Folder, "configmap-quoted.yaml"));
        Assert.Equal(0, FixApplier.Apply(new SourceText("a.yaml", text), source => Linter.Lint([source], Target.Newest, new LintOptions()), unsafeToo: true).Applied);
    }

    [Fact]
    public void Pointers_lead_through_what_is_around()
    {
        SourceText source = new("a.yaml", File.ReadAllText(Path.Combine(Folder, "configmap-block.yaml")));
        Assert.StartsWith("/data/envoy.yaml/static_resources/listeners/0/", Linter.Lint([source], Target.Newest, new LintOptions()).Findings[0].Pointer, StringComparison.Ordinal);
    }

    /// <summary>The file with the patch has the finding; what the filter in the other file lacks is told at the patch, and both are named.</summary>
    [Fact]
    public void A_merge_into_a_filter_of_another_file_names_both_files()
    {
        string[] documents = File.ReadAllText(Path.Combine(Folder, "envoyfilter-merge.yaml")).Split("---\n");
        SourceText inserted = new("two.yaml", documents[2]), merged = new("duplex.yaml", documents[3].Replace("request_body_mode: FULL_DUPLEX_STREAMED", "request_trailer_mode: SKIP", StringComparison.Ordinal));
        SourceText duplex = new("two.yaml", inserted.Text.Replace("BUFFERED", "FULL_DUPLEX_STREAMED", StringComparison.Ordinal));
        Finding finding = Assert.Single(Linter.Lint([duplex, merged], Target.Newest, new LintOptions()).Findings, finding => finding.Severity == Severity.Error);
        Assert.Equal(("EP001", "duplex.yaml"), (finding.Rule.Id, finding.Source.Name));
        Assert.Equal(["two.yaml", "duplex.yaml"], finding.Related.Select(place => place.Source.Name));
        Assert.Null(finding.Fix);
    }

    /// <summary>Each line left out, and each value replaced by one of another kind: whatever is said, nothing may break.</summary>
    [Theory, MemberData(nameof(Files))]
    public void A_twisted_file_is_judged_too(string file)
    {
        string text = File.ReadAllText(Path.Combine(Folder, file));
        string[] lines = text.Split('\n');
        foreach ((int at, string line) in lines.Index())
        {
            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            string[] twisted = colon < 0 ? [""] : ["", .. Kinds.Select(kind => line[..(colon + 2)] + kind)];
            Assert.All(twisted, other =>
                Linter.Lint([new SourceText(file, string.Join('\n', [.. lines[..at], other, .. lines[(at + 1)..]]))], TargetOf(text), new LintOptions()));
        }
    }

    /// <summary>The target that a file names in its first line.</summary>
    internal static Target TargetOf(string text) => TargetLine().Match(text) is { Success: true } match ? Target.Parse(match.Groups[1].Value)! : Target.Newest;

    [GeneratedRegex("# (EP[0-9]{3})")]
    private static partial Regex Mark();

    [GeneratedRegex("^# target: (\\S+)")]
    private static partial Regex TargetLine();
}
