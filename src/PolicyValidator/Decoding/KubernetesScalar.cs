using System.Globalization;
using PolicyValidator.Inputs;
using PolicyValidator.Inputs.LibYaml;

namespace PolicyValidator.Decoding;

/// <summary>
/// What a scalar is to Kubernetes: the tools turn YAML into JSON by YAML 1.1 (<c>yes</c> is true, <c>0x1F</c> a number), which is not how
/// Envoy does it.
/// </summary>
internal static class KubernetesScalar
{
    /// <summary>The kind of a scalar, with the text of a string or number.</summary>
    public static (JsonKind Kind, string Text) Of(ScalarNode scalar) => scalar.Style switch
    {
        ScalarStyle.JsonNumber => (JsonKind.Number, scalar.Value),
        ScalarStyle.JsonLiteral => (scalar.Value switch { "true" => JsonKind.True, "false" => JsonKind.False, _ => JsonKind.Null }, ""),
        _ => GoScalar.Of(scalar) switch
        {
            (GoKind.Null, _) => (JsonKind.Null, ""),
            (GoKind.True, _) => (JsonKind.True, ""),
            (GoKind.False, _) => (JsonKind.False, ""),
            (GoKind.String, var text) => (JsonKind.String, text),
            var (_, text) => (JsonKind.Number, text),
        },
    };

    /// <summary>A key as JSON has it.</summary>
    public static string Key(ScalarNode key) => key.Style is ScalarStyle.JsonNumber or ScalarStyle.JsonLiteral ? key.Value : GoScalar.Key(key) ?? key.Value;

    /// <summary>A number's value as the schema compares it.</summary>
    public static double NumberOf(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : double.NaN;
}
