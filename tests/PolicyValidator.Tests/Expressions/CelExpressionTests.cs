using System.Text.Json;
using PolicyValidator.Expressions.Cel;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Expressions;

public sealed class CelExpressionTests
{
    // A row: the expression, the verdict of 1.36 to 1.39, the verdict of 1.40; the problem's kind, or "accepted".
    [Fact]
    public void Every_measured_expression_is_accepted_or_refused_as_envoy_does()
    {
        List<string> wrong = [];
        foreach (JsonElement[] row in Measured.Rows("cel-verdicts.jsonl"))
        {
            string text = row[0].GetString()!;
            Compare(text, new(39, 3), row[1].GetString()!, wrong);
            Compare(text, new(40, 0), row[2].GetString()!, wrong);
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("request.[", 8, "[")]
    [InlineData("1 +", 3, "the end of the expression")]
    [InlineData("a = b", 2, "==")]
    [InlineData("no_such(1)", 0, "no function \"no_such\"")]
    [InlineData("size(a, b)", 0, "Envoy has it with 1")]
    [InlineData("a.b.string()", 4, "conversion to string")]
    [InlineData("x.matches('(')", 10, "missing )")]
    [InlineData("[1].map(x, x)", 4, "loop in the processor")]
    [InlineData("package", 0, "reserved word")]
    [InlineData("", 0, "empty")]
    public void A_problem_says_where_it_is_and_what_to_do(string text, int offset, string says)
    {
        CelProblem problem = CelExpression.Check(text, new(40, 0))!;
        Assert.Equal(offset, problem.Offset);
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100_000, true)]
    [InlineData(100_001, false)]
    public void An_expression_may_be_a_hundred_thousand_characters_long(int length, bool accepted)
    {
        string text = "a" + new string(' ', length - 1);
        Assert.Equal(accepted, CelExpression.Check(text, new(40, 0)) is null);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("[")]
    [InlineData("{1:")]
    [InlineData("a.")]
    [InlineData("a+")]
    [InlineData("a?")]
    [InlineData("!")]
    public void Endless_nesting_ends_in_an_error(string part) =>
        Assert.NotNull(CelExpression.Check(string.Concat(Enumerable.Repeat(part, 30_000)), new(40, 0)));

    private static void Compare(string text, EnvoyVersion version, string expected, List<string> wrong)
    {
        string actual = CelExpression.Check(text, version)?.Kind.ToString() ?? "accepted";
        if ((actual == "accepted") != (expected == "accepted"))
        {
            wrong.Add($"{text} on {version}: Envoy {expected}, we {actual}");
        }
    }
}
