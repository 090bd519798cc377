using System.Globalization;
using System.Numerics;
using Google.Protobuf.Reflection;
using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Decoding;

/// <summary>Reads what is not a message: booleans, strings, bytes, integers, floating point, enums.</summary>
internal sealed class ScalarDecoder(DecodeContext context)
{
    private static readonly string[] Trues = ["true", "t", "yes", "y", "1"];
    private static readonly string[] Falses = ["false", "f", "no", "n", "0"];

    /// <summary>The value, in the form that <see cref="ConfigValue"/> lists; null when it does not fit, which is reported.</summary>
    public object? Read(FieldDescriptor field, Node node)
    {
        (JsonKind kind, string text) = JsonView.Of(node);
        return field.FieldType switch
        {
            FieldType.Bool => Bool(node, kind, text),
            FieldType.String => kind == JsonKind.String ? text : Wrong(node, "a string", "put it in quotes"),
            FieldType.Bytes => kind == JsonKind.String && Base64Text.ByteCount(text) is { } count ? new byte[count] : Wrong(node, "base64 in quotes", "encode the bytes as base64"),
            FieldType.Enum => Enum(field.EnumType, node, kind, text),
            FieldType.Double or FieldType.Float => Floating(node, kind, text),
            var type => Integer(type, node, kind, text),
        };
    }

    /// <summary>What an absent item of a list or map is.</summary>
    public static object Default(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Bool => false,
        FieldType.String => "",
        FieldType.Bytes => Array.Empty<byte>(),
        FieldType.Enum => 0,
        FieldType.Double or FieldType.Float => 0d,
        _ => 0m,
    };

    private object? Bool(Node node, JsonKind kind, string text) => kind switch
    {
        JsonKind.True => true,
        JsonKind.False => false,
        JsonKind.String when Trues.Contains(text, StringComparer.OrdinalIgnoreCase) => true,
        JsonKind.String when Falses.Contains(text, StringComparer.OrdinalIgnoreCase) => false,
        _ => Wrong(node, "true or false", "write true or false"),
    };

    private object? Enum(EnumDescriptor type, Node node, JsonKind kind, string text)
    {
        if (kind == JsonKind.Number)
        {
            return Integer(FieldType.Int32, node, kind, text) is decimal number ? (int)number : null;
        }

        string names = Described.List(Names(type));
        if (kind != JsonKind.String)
        {
            return Wrong(node, $"a name of {type.Name}", $"use one of {names}");
        }

        EnumValueDescriptor? value = type.FindValueByName(text);
        if (value is null && NumberText.Integer(text.AsSpan().Trim(" \t\n\v\f\r")) is { } quoted && quoted >= int.MinValue && quoted <= int.MaxValue)
        {
            return (int)quoted;
        }

        value ??= type.Values.FirstOrDefault(each => string.Equals(each.Name, text, StringComparison.OrdinalIgnoreCase));
        int since = value is null ? 0 : FieldReleases.Of(value);
        if (value is not null && since <= context.Target.Version.Minor)
        {
            return value.Number;
        }

        (string message, string help) = value is null
            ? ($"'{text}' is not a name of {type.Name}", $"use one of {names}")
            : ($"{value.Name} exists only since Envoy 1.{since}", $"use one of {names}, or run Envoy 1.{since} or later");
        context.Report(ProblemKind.UnknownEnumName, node, message, help);
        return null;
    }

    private IEnumerable<string> Names(EnumDescriptor type) =>
        type.Values.Where(value => FieldReleases.Of(value) <= context.Target.Version.Minor).Select(value => value.Name);

    private object? Floating(Node node, JsonKind kind, string text) => kind switch
    {
        JsonKind.Number => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        JsonKind.String when text is "NaN" or "Infinity" or "-Infinity" => double.NaN,
        JsonKind.String when NumberText.Double(text) is { } value => value,
        _ => Wrong(node, "a number", "write a number"),
    };

    private object? Integer(FieldType type, Node node, JsonKind kind, string text)
    {
        (BigInteger min, BigInteger max) = Range(type);
        bool isUnsigned = min.IsZero;
        BigInteger? value = kind switch
        {
            JsonKind.Number => NumberText.Integer(text) ?? Whole(double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture)),
            JsonKind.String => NumberText.Integer(text) ?? (context.Target.Version.Minor >= 37 ? Whole(NumberText.Double(text)) : null),
            _ => null,
        };
        bool fits = value is { } number && number >= min && number <= max && !(isUnsigned && text.StartsWith('-'));
        return fits ? (decimal)value!.Value : Wrong(node, $"a whole number from {min} to {max}", "write such a number");
    }

    private static BigInteger? Whole(double? value) =>
        value is { } number && double.IsFinite(number) && Math.Floor(number) == number ? new BigInteger(number) : null;

    private static (BigInteger Min, BigInteger Max) Range(FieldType type) => type switch
    {
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => (long.MinValue, long.MaxValue),
        FieldType.UInt64 or FieldType.Fixed64 => (0, ulong.MaxValue),
        FieldType.UInt32 or FieldType.Fixed32 => (0, uint.MaxValue),
        _ => (int.MinValue, int.MaxValue),
    };

    private object? Wrong(Node node, string wanted, string help)
    {
        context.Report(ProblemKind.WrongType, node, $"{Described.Value(node)} where {wanted} should stand", help);
        return null;
    }
}
