using PolicyValidator.Rules;

namespace PolicyValidator.Expressions.Cel;

/// <summary>Judges expressions of <c>request_attributes</c> and <c>response_attributes</c> as Envoy does when it loads the filter.</summary>
internal static class CelExpression
{
    // Backquoted names came with it.
    private static readonly EnvoyVersion QuotedNamesSince = new(40, 0);

    private const int MaxCodePoints = 100_000;

    /// <summary>Why this Envoy refuses the expression; null when it accepts it.</summary>
    public static CelProblem? Check(string text, EnvoyVersion version)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return new(CelProblemKind.Syntax, 0, text.Length, "the expression is empty; name an attribute, such as request.path, or remove the entry");
        }

        if (text.EnumerateRunes().Count() > MaxCodePoints)
        {
            return new(CelProblemKind.Syntax, 0, 0, $"the expression is longer than {MaxCodePoints} characters, which is Envoy's limit");
        }

        try
        {
            return CelChecker.Check(new CelParser(new CelLexer(text).Tokens(), version >= QuotedNamesSince).Parse(), version);
        }
        catch (CelException refused)
        {
            return refused.Problem;
        }
    }
}
