using System.Text.Json;
using PolicyValidator.Expressions.Re2;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Expressions;

public sealed class Re2PatternTests
{
    private static readonly EnvoyVersion OldRe2 = new(37, 0);
    private static readonly EnvoyVersion NewRe2 = new(38, 3);
    private static readonly EnvoyVersion Latin1 = new(39, 3);

    // A row: the pattern, then what 1.36.4 and 1.37.0, what 1.38.3, and what 1.39.3 and 1.40.0 said: a size, or "!" and RE2's sentence.
    [Fact]
    public void Every_measured_pattern_has_the_size_or_the_error_that_envoy_reports()
    {
        List<string> wrong = [];
        foreach (JsonElement[] row in Measured.Rows("re2-verdicts.jsonl"))
        {
            string pattern = row[0].GetString()!;
            Compare(pattern, OldRe2, row[1], wrong);
            Compare(pattern, NewRe2, row[2], wrong);
            Compare(pattern, Latin1, row[3], wrong);
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("ab(c", 0)]
    [InlineData("ab[c", 2)]
    [InlineData(@"日\q", 1)]
    [InlineData("a**", 1)]
    [InlineData("abc(?=d)", 3)]
    public void An_error_points_at_its_culprit(string pattern, int offset)
    {
        Re2Verdict verdict = Re2Pattern.Check(pattern, Latin1);
        Assert.NotNull(verdict.Error);
        Assert.Equal(offset, verdict.Offset);
    }

    [Fact]
    public void Nesting_that_is_too_deep_for_us_is_not_judged()
    {
        string nested = string.Concat(Enumerable.Repeat("(", 200_000)) + new string(')', 200_000);
        Assert.False(Re2Pattern.Check(nested, Latin1).IsExact);
    }

    [Fact]
    public void A_pattern_that_would_be_too_large_for_re2_is_refused_in_bounded_time()
    {
        Re2Verdict verdict = Re2Pattern.Check(@"(?:\pL{30}){30}", NewRe2);
        Assert.Equal("pattern too large - compile failed", verdict.Error);
    }

    private static void Compare(string pattern, EnvoyVersion version, JsonElement expected, List<string> wrong)
    {
        Re2Verdict verdict = Re2Pattern.Check(pattern, version);
        string actual = verdict.Error is { } error ? $"!{error}" : $"{verdict.ProgramSize}";
        // Envoy prints Latin-1 as it is; only ASCII can be compared.
        bool same = expected.ToString() is var said && (actual == said || (said[0] == '!' && actual[0] == '!' && !pattern.All(char.IsAscii)));
        if (!same || !verdict.IsExact)
        {
            wrong.Add($"{pattern} on {version}: Envoy {expected}, we {actual}");
        }
    }
}
