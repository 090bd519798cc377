using PolicyValidator.Rules;

namespace PolicyValidator.Expressions.Re2;

/// <summary>How the RE2 of one Envoy reads patterns; measured on the binaries of 1.36.4, 1.37.0, 1.38.3, 1.39.3 and 1.40.0.</summary>
/// <param name="Latin1">Whether each byte is a character.</param>
/// <param name="Folding">What <c>(?i)</c> takes for the same letter.</param>
/// <param name="KnowsLookBehind">Whether it calls <c>(?&lt;=</c> an operator, not a name.</param>
internal sealed record Re2Dialect(bool Latin1, CaseFolding Folding, bool KnowsLookBehind)
{
    // RE2 was renewed with 1.38; since 1.39 Envoy's matchers read Latin-1, its expressions still UTF-8.
    private static readonly EnvoyVersion RenewedSince = new(38, 0);
    private static readonly EnvoyVersion Latin1Since = new(39, 0);

    private static readonly Re2Dialect OldUtf8 = new(Latin1: false, CaseFolding.UnicodeOnce, KnowsLookBehind: false);
    private static readonly Re2Dialect Utf8 = new(Latin1: false, CaseFolding.Unicode, KnowsLookBehind: true);
    private static readonly Re2Dialect Bytes = new(Latin1: true, CaseFolding.Ascii, KnowsLookBehind: true);

    /// <summary>For <c>safe_regex</c>, <c>allow_expression</c> and <c>disallow_expression</c>.</summary>
    public static Re2Dialect OfMatchers(EnvoyVersion version) => version >= Latin1Since ? Bytes : OfExpressions(version);

    /// <summary>For <c>matches</c> in expressions.</summary>
    public static Re2Dialect OfExpressions(EnvoyVersion version) => version >= RenewedSince ? Utf8 : OldUtf8;

    /// <summary>The largest character.</summary>
    public int MaxRune => Latin1 ? 0xFF : RuneSet.MaxRune;
}
