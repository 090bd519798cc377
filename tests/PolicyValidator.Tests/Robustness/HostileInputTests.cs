using System.Text;
using PolicyValidator.Cli;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;
using PolicyValidator.Tests.Cli;

namespace PolicyValidator.Tests.Robustness;

/// <summary>What is too large, too deep, or not text at all ends in a finding or an exit code, and soon.</summary>
public sealed class HostileInputTests : IDisposable
{
    private const int MostBytes = 400_000_000;
    private const string Filter = "\"@type\": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\n";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string> Deep => new()
    {
        { "yaml", new string('[', 10_000) },
        { "yaml", new string('[', 10_000) + new string(']', 10_000) },
        { "yaml", string.Concat(Enumerable.Repeat("{a: ", 10_000)) + new string('}', 10_000) },
        { "yaml", string.Concat(Enumerable.Repeat("- ", 10_000)) + "a" },
        { "yaml", string.Concat(Enumerable.Range(0, 2_000).Select(level => new string(' ', level) + "a:\n")) },
        { "json", new string('[', 10_000) },
        { "json", string.Concat(Enumerable.Repeat("{\"a\": ", 10_000)) + "1" + new string('}', 10_000) },
        { "json", Filter.Replace("\"@type\": ", "{\"@type\": \"", StringComparison.Ordinal).TrimEnd() + "\", \"filter_metadata\": " + string.Concat(Enumerable.Repeat("{\"a\": ", 10_000)) + "1" + new string('}', 10_001) },
    };

    [Theory, MemberData(nameof(Deep))]
    public void Ten_thousand_levels_are_a_finding(string format, string text) => AssertRefused(format, text);

    [Theory]
    [InlineData(9, 9)]
    [InlineData(30, 30)]
    public void Aliases_that_multiply_are_a_finding(int levels, int times)
    {
        StringBuilder text = new("a0: &a0 [x, x]\n");
        for (int level = 1; level <= levels; level++)
        {
            text.Append($"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", times))}]\n");
        }

        AssertRefused("yaml", text + Filter);
    }

    [Fact]
    public void A_pattern_that_would_compile_to_millions_of_instructions_is_a_finding() => AssertRefused(
        "yaml", Filter + "grpc_service: {envoy_grpc: {cluster_name: a}}\nmutation_rules: {allow_expression: {regex: \"((a{0,100}){0,100}){0,100}\"}}\n");

    [Fact]
    public void An_expression_nested_ten_thousand_deep_is_a_finding() => AssertRefused(
        "yaml", Filter + $"grpc_service: {{envoy_grpc: {{cluster_name: a}}}}\nrequest_attributes: [\"{new string('(', 10_000)}1{new string(')', 10_000)}\"]\n");

    [Fact]
    public void A_map_of_per_route_configs_of_which_none_can_be_read_is_a_finding() =>
        AssertRefused("json", """{"envoy.filters.http.ext_proc": {"@t": "type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute"}}""");

    [Fact]
    public void A_file_of_100_megabytes_is_exit_code_2_and_is_not_read()
    {
        string path = Path.Combine(folder.Path, "large.yaml");
        using (FileStream file = File.Create(path))
        {
            file.SetLength(100_000_000);
        }

        Assert.Equal(ExitCode.Clean, Run.Of("lint", WithText("small.yaml", "a: 1\n")).ExitCode); // what is made once is no part of the price
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run run = Run.Of("lint", path);
        Assert.Equal(ExitCode.Trouble, run.ExitCode);
        Assert.Contains("larger than the limit", run.Error, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_exit_code_2()
    {
        byte[] noise = new byte[50_000];
        new Random(1).NextBytes(noise);
        string path = Path.Combine(folder.Path, "noise.yaml");
        File.WriteAllBytes(path, noise);
        Run run = Run.Of("lint", path);
        Assert.Equal(ExitCode.Trouble, run.ExitCode);
        Assert.Contains("not UTF-8", run.Error, StringComparison.Ordinal);
    }

    private string WithText(string name, string text)
    {
        string path = Path.Combine(folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static void AssertRefused(string format, string text)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        LintResult result = Linter.Lint([new SourceText($"hostile.{format}", text)], Target.Newest, new LintOptions());
        Assert.Contains(result.Findings, finding => finding.Severity == Severity.Error);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
    }
}
