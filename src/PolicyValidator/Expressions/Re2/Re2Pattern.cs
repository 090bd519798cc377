using PolicyValidator.Rules;

namespace PolicyValidator.Expressions.Re2;

/// <summary>What RE2 says to a pattern.</summary>
/// <param name="Error">RE2's sentence when it refuses the pattern: <c>missing ): (</c>.</param>
/// <param name="Offset">Where in the pattern the culprit begins, in UTF-16 units.</param>
/// <param name="ProgramSize">The number of instructions; 0 when the pattern is refused or too deeply nested to be counted.</param>
/// <param name="IsExact">Whether verdict and size are those of RE2, not a guess.</param>
internal readonly record struct Re2Verdict(string? Error, int Offset, int ProgramSize, bool IsExact);

/// <summary>
/// Judges patterns as the RE2 inside Envoy does, with the size that Envoy compares with its limit.
/// Source: RE2's documented syntax, and sizes compared with those that Envoy's binaries report.
/// </summary>
internal static class Re2Pattern
{
    /// <summary>The size that Envoy lets a pattern have where the config sets no <c>max_program_size</c>, in instructions.</summary>
    public const int DefaultMaxProgramSize = 100;

    private const string TooLarge = "pattern too large - compile failed";

    /// <summary>Judges a pattern of Envoy's own matchers: <c>safe_regex</c>, <c>allow_expression</c>, <c>disallow_expression</c>.</summary>
    public static Re2Verdict Check(string pattern, EnvoyVersion version) => Check(pattern, Re2Dialect.OfMatchers(version));

    /// <summary>Judges one pattern.</summary>
    public static Re2Verdict Check(string pattern, Re2Dialect dialect)
    {
        try
        {
            Regexp tree = new PatternParser(new PatternText(pattern, dialect)).Parse();
            return new ProgramCompiler(dialect.Latin1).Size(tree) is { } size
                ? new(null, 0, size, IsExact: true)
                : new(TooLarge, 0, 0, IsExact: true);
        }
        catch (PatternException refused)
        {
            return new(refused.Message, refused.Offset, 0, IsExact: true);
        }
        catch (InsufficientExecutionStackException)
        {
            // Nested deeper than our stack is. RE2 accepts it, or finds the program too large: not known which.
            return new(null, 0, 0, IsExact: false);
        }
    }
}
