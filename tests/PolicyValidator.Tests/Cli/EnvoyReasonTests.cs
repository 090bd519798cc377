using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using PolicyValidator.Cli;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;
using PolicyValidator.Tests.Oracle;
using Tests.Shared;

namespace PolicyValidator.Tests.Cli;

/// <summary>Recorded refusals beside our errors: those of the same file are about the same thing, those of another one are not.</summary>
public sealed class EnvoyReasonTests
{
    /// <summary>Longer ones were cut when they were recorded.</summary>
    private const int MostRecorded = 395;

    private static readonly (string Id, EnvoyReason Reason, Finding[] Errors)[] Refusals = [.. Read()];

    [Fact]
    public void The_reason_of_a_recorded_refusal_is_found_among_our_errors()
    {
        string[] missed = [.. Refusals.Where(each => each.Reason.IsOurs && !each.Errors.Any(each.Reason.IsAbout)).Select(each => $"{each.Id}: {each.Reason.Text} <> {string.Join("; ", each.Errors.Select(error => $"{error.Rule.Id} {error.Message}"))}")];
        Assert.True(missed.Length == 0, $"{missed.Length} of {Refusals.Length}:\n{string.Join('\n', missed.Take(20))}");
        Assert.InRange(Refusals.Count(each => each.Errors.Any(each.Reason.IsAbout)), Refusals.Length * 9 / 10, Refusals.Length);
    }

    /// <summary>Each reason beside the errors of every other file that was refused by other rules and for other fields.</summary>
    [Fact]
    public void The_reason_of_another_file_is_seldom_taken_for_the_same()
    {
        (string Reason, Finding Error)[] pairs =
        [
            .. from one in Refusals
               from other in Refusals
               where !one.Errors.Select(error => error.Rule).Intersect(other.Errors.Select(error => error.Rule)).Any()
               let same = other.Errors.FirstOrDefault(one.Reason.IsAbout)
               where same is not null && !one.Errors.Select(FieldOf).Contains(FieldOf(same))
               select (one.Reason.Text, same),
        ];
        int all = Refusals.Length * Refusals.Length;
        Assert.True(pairs.Length * 100 < all, $"{pairs.Length} of {all}:\n{string.Join('\n', pairs.DistinctBy(pair => (pair.Reason, pair.Error.Rule)).Take(20).Select(pair => $"{pair.Reason} <> {pair.Error.Rule.Id} {pair.Error.Pointer} {pair.Error.Message}"))}");
    }

    private static string FieldOf(Finding error) => error.Pointer[(error.Pointer.LastIndexOf('/') + 1)..];

    private static IEnumerable<(string Id, EnvoyReason Reason, Finding[] Errors)> Read()
    {
        string path = Repository.PathOf("tests", "PolicyValidator.Tests", "Oracle", "Data", "config-cases.jsonl.gz");
        using StreamReader lines = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
        while (lines.ReadLine() is { } line)
        {
            JsonNode node = JsonNode.Parse(line)!;
            if ((string?)node["verdicts"]!["1.40.0"]?["error"] is not { Length: < MostRecorded } said)
            {
                continue;
            }

            string file = (string)node["place"]! == "bootstrap" ? (string)node["config"]! : Skeleton.Around((string)node["place"]!, (string)node["format"]!, (string)node["config"]!);
            LintResult result = Linter.Lint([new SourceText($"case.{(string)node["format"]!}", file)], Target.Parse("envoy=1.40.0")!, new LintOptions());
            yield return ((string)node["id"]!, EnvoyReason.Of(said), [.. result.Findings.Where(finding => finding.Severity == Severity.Error)]);
        }
    }
}
