using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;

namespace PolicyValidator.Inputs;

/// <summary>Numbers as C++ reads them: JSON's grammar, and yaml-cpp's integers with octal and hexadecimal.</summary>
internal static partial class NumberText
{
    /// <summary>Whether a text is a JSON number that a double can hold.</summary>
    public static bool IsJsonNumber(string text) =>
        JsonNumber().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value);

    /// <summary>A decimal integer with an optional sign and nothing else; null when it is none.</summary>
    public static BigInteger? Integer(ReadOnlySpan<char> text)
    {
        // Longer than any 64-bit number with some leading zeros: no need to compute it.
        bool isPlausible = text.Length is > 0 and <= 400 && text[0] is '+' or '-' or (>= '0' and <= '9');
        return isPlausible && BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger value) ? value : null;
    }

    /// <summary>A text that C++ streams read as a 64-bit integer with the base taken from the prefix: <c>12</c>, <c>-0x1F</c>, <c>017</c>.</summary>
    public static long? StreamInteger(string text)
    {
        Match match = StreamInteger().Match(text);
        if (!match.Success || text.Length > 400)
        {
            return null;
        }

        BigInteger value = (match.Groups["hex"], match.Groups["octal"]) switch
        {
            ({ Success: true } hex, _) => BigInteger.Parse("0" + hex.Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            (_, { Success: true } octal) => octal.Value.Aggregate(BigInteger.Zero, (sum, digit) => (sum * 8) + (digit - '0')),
            _ => BigInteger.Parse(match.Groups["decimal"].Value, CultureInfo.InvariantCulture),
        };
        value = text[0] == '-' ? -value : value;
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : null;
    }

    /// <summary>
    /// A double as Abseil reads it from a quoted number: also <c>5.</c>, <c>.5</c>, <c>+5</c> and C's hexadecimal form; null when it is none.
    /// </summary>
    public static double? Double(string text)
    {
        Match match = HexDouble().Match(text);
        if (match.Success)
        {
            return HexValue(match);
        }

        return DecimalDouble().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
    }

    private static double HexValue(Match match)
    {
        string whole = match.Groups["whole"].Value, fraction = match.Groups["fraction"].Value;
        double value = (double)BigInteger.Parse($"0{whole}{fraction}", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        int exponent = int.TryParse(match.Groups["exponent"].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int given) ? given : 0;
        value = Math.ScaleB(value, exponent - (4 * fraction.Length));
        return match.Value[0] == '-' ? -value : value;
    }

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex JsonNumber();

    [GeneratedRegex(@"^[+-]?(0[xX](?<hex>[0-9a-fA-F]+)|0(?<octal>[0-7]*)|(?<decimal>[1-9][0-9]*))\z", RegexOptions.ExplicitCapture)]
    private static partial Regex StreamInteger();

    [GeneratedRegex(@"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex DecimalDouble();

    [GeneratedRegex(@"^[+-]?0[xX](?=\.?[0-9a-fA-F])(?<whole>[0-9a-fA-F]*)(\.(?<fraction>[0-9a-fA-F]*))?([pP](?<exponent>[+-]?[0-9]{1,6}))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex HexDouble();
}
