using System.Globalization;

namespace PolicyValidator.Expressions.Cel;

/// <summary>Numbers, text and bytes.</summary>
internal static class CelLiterals
{
    /// <summary>The value of a text; null for every other literal. Refuses numbers that do not fit and escapes that stand for nothing.</summary>
    public static string? Read(CelToken token, bool negative)
    {
        switch (token.Kind)
        {
            case CelTokenKind.Int when Magnitude(token.Text) is not { } value || value > (ulong)long.MaxValue + (negative ? 1UL : 0):
                throw CelException.Syntax(token, $"{token.Text} does not fit into 64 bits; int goes from {long.MinValue} to {long.MaxValue}, write a double ({token.Text}.0) or a uint");
            case CelTokenKind.Uint when Magnitude(token.Text[..^1]) is null:
                throw CelException.Syntax(token, $"{token.Text} does not fit into 64 bits; uint goes from 0u to {ulong.MaxValue}u");
            case CelTokenKind.String:
                return CelStrings.Value(token);
            case CelTokenKind.Bytes:
                CelStrings.Value(token);
                return null;
            default:
                return null;
        }
    }

    private static ulong? Magnitude(string digits)
    {
        bool parsed = digits.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.TryParse(digits.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong value)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        return parsed ? value : null;
    }
}
