using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using PolicyValidator.Decoding;
using PolicyValidator.Inputs;

namespace PolicyValidator.Kubernetes;

/// <summary>
/// What a scalar is to Kubernetes: the tools turn YAML into JSON by YAML 1.1 (<c>yes</c> is true, <c>0x1F</c> a number), which is not how
/// Envoy does it.
/// </summary>
internal static partial class KubernetesScalar
{
    private static readonly HashSet<string> Trues = ["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"];
    private static readonly HashSet<string> Falses = ["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"];
    private static readonly HashSet<string> Nulls = ["", "~", "null", "Null", "NULL"];

    /// <summary>The kind of a scalar, with the text of a string or number.</summary>
    public static (JsonKind Kind, string Text) Of(ScalarNode scalar) => (scalar.Style, scalar.Tag) switch
    {
        (ScalarStyle.JsonNumber, _) => (JsonKind.Number, scalar.Value),
        (ScalarStyle.JsonLiteral, _) => (scalar.Value switch { "true" => JsonKind.True, "false" => JsonKind.False, _ => JsonKind.Null }, ""),
        (_, "!" or "tag:yaml.org,2002:str") => (JsonKind.String, scalar.Value),
        _ when scalar.IsQuoted && scalar.Tag is null => (JsonKind.String, scalar.Value),
        _ => Plain(scalar.Value),
    };

    /// <summary>A number's value as the schema compares it.</summary>
    public static double NumberOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN;

    private static (JsonKind Kind, string Text) Plain(string text) => text switch
    {
        _ when Nulls.Contains(text) => (JsonKind.Null, ""),
        _ when Trues.Contains(text) => (JsonKind.True, ""),
        _ when Falses.Contains(text) => (JsonKind.False, ""),
        _ when Integer(text.Replace("_", "", StringComparison.Ordinal)) is { } number => (JsonKind.Number, number.ToString(CultureInfo.InvariantCulture)),
        _ when Float().IsMatch(text.Replace("_", "", StringComparison.Ordinal)) => (JsonKind.Number, text.Replace("_", "", StringComparison.Ordinal)),
        _ => (JsonKind.String, text),
    };

    /// <summary>Decimal, or by its prefix hexadecimal, octal (a leading zero too) or binary.</summary>
    private static BigInteger? Integer(string text)
    {
        Match match = Whole().Match(text);
        if (!match.Success)
        {
            return null;
        }

        (int numberBase, string digits) = match.Groups["prefix"].Value.ToLowerInvariant() switch
        {
            "0x" => (16, match.Groups["digits"].Value),
            "0b" => (2, match.Groups["digits"].Value),
            "0o" or "0" => (8, match.Groups["digits"].Value),
            _ => (10, match.Groups["digits"].Value),
        };
        BigInteger value = 0;
        foreach (char digit in digits)
        {
            int number = char.IsAsciiDigit(digit) ? digit - '0' : char.ToLowerInvariant(digit) - 'a' + 10;
            if (number >= numberBase)
            {
                return null;
            }

            value = (value * numberBase) + number;
        }

        return match.Groups["sign"].Value == "-" ? -value : value;
    }

    [GeneratedRegex(@"^(?<sign>[-+]?)(?<prefix>0[xX]|0[bB]|0o|0(?=[0-9]))?(?<digits>[0-9a-fA-F]{1,60})\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Float();
}
