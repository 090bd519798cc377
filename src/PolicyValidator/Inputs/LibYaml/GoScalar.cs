using System.Globalization;
using System.Text.RegularExpressions;

namespace PolicyValidator.Inputs.LibYaml;

/// <summary>What a word is to go-yaml.</summary>
internal enum GoKind
{
    Null,
    True,
    False,
    Integer,
    Float,
    String,
}

/// <summary>
/// Words to values as go-yaml's second version resolves them, and sigs.k8s.io/yaml makes JSON of them: by YAML 1.1, where <c>yes</c> is
/// true and <c>017</c> is fifteen.
/// </summary>
internal static partial class GoScalar
{
    private const string Prefix = "tag:yaml.org,2002:";

    private static readonly string[] TimestampForms =
        ["yyyy-M-d", "yyyy-M-d H:m:s.FFFFFFF", "yyyy-M-d H:m:s", "yyyy-M-dTH:m:s.FFFFFFFK", "yyyy-M-dTH:m:sK", "yyyy-M-d't'H:m:s.FFFFFFFK", "yyyy-M-d't'H:m:sK"];

    /// <summary>What a scalar is, with the text of a string or number.</summary>
    public static (GoKind Kind, string Text) Of(ScalarNode scalar) => scalar.Tag switch
    {
        null when scalar.IsQuoted => (GoKind.String, scalar.Value),
        null => Plain(scalar.Value, mayBeTimestamp: true),
        Prefix + "bool" or Prefix + "int" or Prefix + "null" => Plain(scalar.Value, mayBeTimestamp: false),
        Prefix + "float" => Plain(scalar.Value, mayBeTimestamp: false) is (GoKind.Integer, var whole) ? (GoKind.Float, whole) : Plain(scalar.Value, mayBeTimestamp: false),
        Prefix + "binary" => (GoKind.String, Binary(scalar.Value) ?? scalar.Value),
        _ => (GoKind.String, scalar.Value),
    };

    /// <summary>What is wrong with a value and its tag; null when they fit.</summary>
    public static string? Problem(ScalarNode scalar)
    {
        (GoKind kind, string text) = Of(scalar);
        bool fits = scalar.Tag switch
        {
            Prefix + "bool" => kind is GoKind.True or GoKind.False,
            Prefix + "int" => kind is GoKind.Integer,
            Prefix + "float" => kind is GoKind.Float,
            Prefix + "null" => kind is GoKind.Null,
            Prefix + "timestamp" => IsTimestamp(scalar.Value),
            Prefix + "binary" => Binary(scalar.Value) is not null,
            _ => true,
        };
        return fits ? null : $"'{text}' is not what its tag says";
    }

    /// <summary>A key as JSON has it; null when it can be none.</summary>
    public static string? Key(ScalarNode key) => Of(key) switch
    {
        (GoKind.True, _) => "true",
        (GoKind.False, _) => "false",
        (GoKind.Null, _) => null,
        (GoKind.Integer, var text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? text : null,
        (GoKind.Float, var text) => FloatKey(text),
        var (_, text) => text,
    };

    /// <summary>Whether a key merges what stands under it into the mapping around.</summary>
    public static bool IsMerge(ScalarNode key) => key.Value == "<<" && (key.Tag is "!" or Prefix + "merge" || (key.Tag is null && !key.IsQuoted));

    private static bool IsFinite(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number);

    private static (GoKind Kind, string Text) Plain(string text, bool mayBeTimestamp) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => (GoKind.Null, ""),
        "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => (GoKind.True, ""),
        "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => (GoKind.False, ""),
        ".nan" or ".NaN" or ".NAN" => (GoKind.Float, "NaN"),
        ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" => (GoKind.Float, "Infinity"),
        "-.inf" or "-.Inf" or "-.INF" => (GoKind.Float, "-Infinity"),
        ['.', ..] when Float().IsMatch(text) && IsFinite(text) => (GoKind.Float, text),
        ['+' or '-' or (>= '0' and <= '9'), ..] when !(mayBeTimestamp && IsTimestamp(text)) => Number(text, text.Replace("_", "", StringComparison.Ordinal)),
        _ => (GoKind.String, text),
    };

    private static (GoKind Kind, string Text) Number(string text, string plain) =>
        GoInteger.Parse(plain) is { } whole ? (GoKind.Integer, whole.ToString(CultureInfo.InvariantCulture))
        : Float().IsMatch(plain) && IsFinite(plain) ? (GoKind.Float, plain)
        : (GoKind.String, text);

    private static bool IsTimestamp(string text) =>
        text.Length >= 8 && DateTimeOffset.TryParseExact(text, TimestampForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);

    private static string? Binary(string text)
    {
        string plain = text.Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
        byte[] bytes = new byte[plain.Length];
        return !plain.Any(char.IsWhiteSpace) && Convert.TryFromBase64String(plain, bytes, out int length) ? System.Text.Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    /// <summary>Go's shortest form of a single, with an exponent below 0.0001 and from a million on: <c>1e+06</c>.</summary>
    private static string FloatKey(string text)
    {
        float value = (float)double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!float.IsFinite(value))
        {
            return float.IsNaN(value) ? ".nan" : value > 0 ? ".inf" : "-.inf";
        }

        string[] parts = value.ToString("E8", CultureInfo.InvariantCulture).Split('E');
        string shortest = value.ToString("R", CultureInfo.InvariantCulture);
        bool hasExponent = value != 0 && Math.Abs(value) is < 1e-4f or >= 1e6f;
        return !hasExponent ? shortest.Contains('E', StringComparison.Ordinal) ? value.ToString("0.############", CultureInfo.InvariantCulture) : shortest
            : Mantissa(shortest) + (parts[1][0] == '-' ? "e-" : "e+") + parts[1][1..].TrimStart('0').PadLeft(2, '0');
    }

    /// <summary>The digits of a number, the first before the point.</summary>
    private static string Mantissa(string number)
    {
        string digits = string.Concat(number.Split('E')[0].Where(char.IsAsciiDigit)).Trim('0');
        return (number[0] == '-' ? "-" : "") + digits[0] + (digits.Length > 1 ? "." + digits[1..] : "");
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Float();
}
