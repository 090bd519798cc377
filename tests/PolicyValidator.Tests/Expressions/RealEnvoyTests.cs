using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Envoy.Runner;
using PolicyValidator.Expressions.Cel;
using PolicyValidator.Expressions.Re2;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Expressions;

/// <summary>Random expressions and patterns, judged by us and by real Envoys.</summary>
public sealed partial class RealEnvoyTests
{
    private const int FewerCases = 200;
    private const int MoreCases = 6000;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    public static TheoryData<string> Two => ["1.36.4", "1.40.0"];

    public static TheoryData<string> Five => ["1.36.4", "1.37.0", "1.38.3", "1.39.3", "1.40.0"];

    [Theory]
    [MemberData(nameof(Two))]
    public Task Patterns_get_envoy_s_verdict_and_size(string version) => ComparePatternsAsync(version, FewerCases, seed: 1);

    [Theory]
    [MemberData(nameof(Two))]
    public Task Expressions_get_envoy_s_verdict(string version) => CompareExpressionsAsync(version, FewerCases, seed: 1);

    [Theory]
    [Trait("Run", "all")]
    [MemberData(nameof(Five))]
    public Task Many_patterns_get_envoy_s_verdict_and_size(string version) => ComparePatternsAsync(version, MoreCases, seed: 2);

    [Theory]
    [Trait("Run", "all")]
    [MemberData(nameof(Five))]
    public Task Many_expressions_get_envoy_s_verdict(string version) => CompareExpressionsAsync(version, MoreCases, seed: 2);

    private static async Task ComparePatternsAsync(string version, int count, int seed)
    {
        PatternGenerator generator = new(new Random(seed));
        string[] patterns = [.. Enumerable.Range(0, count).Select(_ => generator.Next()).Where(pattern => pattern.Length > 0)];

        // With a limit of 0 Envoy says the size of every pattern; one that RE2 refuses has size -1.
        IReadOnlyList<EnvoyVerdict> verdicts = await JudgeAsync(version, patterns, pattern => new JsonObject
        {
            ["mutation_rules"] = new JsonObject
            {
                ["allow_expression"] = new JsonObject { ["regex"] = pattern, ["google_re2"] = new JsonObject { ["max_program_size"] = 0 } },
            },
        });
        string[] wrong = [.. patterns.Zip(verdicts)
            .Where(pair => Size(pair.Second) != Ours(pair.First, version))
            .Select(pair => $"{pair.First} on {version}: Envoy counts {Size(pair.Second)}, we {Ours(pair.First, version)}")];
        Assert.Empty(wrong);
    }

    private static async Task CompareExpressionsAsync(string version, int count, int seed)
    {
        ExpressionGenerator generator = new(new Random(seed));
        string[] expressions = [.. Enumerable.Range(0, count).Select(_ => generator.Next())];
        IReadOnlyList<EnvoyVerdict> verdicts = await JudgeAsync(version, expressions, text => new JsonObject { ["request_attributes"] = new JsonArray(text) });
        string[] wrong = [.. expressions.Zip(verdicts)
            .Where(pair => pair.Second.Accepted != (CelExpression.Check(pair.First, Parse(version)) is null))
            .Select(pair => $"{pair.First} on {version}: Envoy {(pair.Second.Accepted ? "accepts" : pair.Second.Said)}")];
        Assert.Empty(wrong);
    }

    private static uint Ours(string pattern, string version)
    {
        Re2Verdict verdict = Re2Pattern.Check(pattern, Parse(version));
        return verdict.Error is null ? (uint)verdict.ProgramSize : uint.MaxValue;
    }

    private static uint Size(EnvoyVerdict verdict) => uint.Parse(SizeSaid().Match(verdict.Said).Groups["size"].Value, CultureInfo.InvariantCulture);

    private static Task<IReadOnlyList<EnvoyVerdict>> JudgeAsync(string version, string[] texts, Func<string, JsonObject> field) =>
        EnvoyJudge.JudgeFiltersAsync(EnvoyBinary.Find(version), [.. texts.Select(text => Filter(field(text)))]).WaitAsync(Timeout);

    private static string Filter(JsonObject fields)
    {
        fields["@type"] = "type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor";
        fields["grpc_service"] = new JsonObject { ["envoy_grpc"] = new JsonObject { ["cluster_name"] = "ext_proc" } };
        return fields.ToJsonString();
    }

    private static EnvoyVersion Parse(string version) => Version.Parse(version) is var parsed ? new(parsed.Minor, parsed.Build) : default;

    [GeneratedRegex("RE2 program size of (?<size>[0-9]+) > max", RegexOptions.ExplicitCapture)]
    private static partial Regex SizeSaid();
}
