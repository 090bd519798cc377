using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf.Reflection;
using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Decoding;

/// <summary>
/// A message as Envoy's admin interface prints it: protobuf's JSON with the fields that are set, under their names in snake case, in the
/// order of their numbers.
/// </summary>
internal static class MessageJson
{
    private static readonly JsonWriterOptions Form = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The message as indented JSON, without a line end at its end.</summary>
    /// <param name="message">The message.</param>
    /// <param name="maxBytes">How much of it is written: aliases can repeat a value many times.</param>
    /// <exception cref="TooLongException">It is longer.</exception>
    public static string Of(ConfigMessage message, int maxBytes)
    {
        LimitedBuffer bytes = new(maxBytes);
        using (Utf8JsonWriter json = new(bytes, Form))
        {
            Write(message, null, json);
        }

        return Encoding.UTF8.GetString(bytes.Written);
    }

    private static void Write(ConfigMessage message, string? typeUrl, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (typeUrl is not null)
        {
            json.WriteString("@type", typeUrl);
        }

        foreach (ConfigField field in message.Fields.OrderBy(field => field.Descriptor.FieldNumber))
        {
            json.WritePropertyName(field.Descriptor.Name);
            Write(field, json);
        }

        json.WriteEndObject();
    }

    private static void Write(ConfigField field, Utf8JsonWriter json)
    {
        switch (field.Descriptor)
        {
            case { IsMap: true } map:
                json.WriteStartObject();
                foreach (ConfigValue value in field.Values)
                {
                    json.WritePropertyName(JsonView.Key(value.Key!));
                    Write(map.MessageType.FindFieldByNumber(2), value, json);
                }

                json.WriteEndObject();
                break;
            case { IsRepeated: true } list:
                json.WriteStartArray();
                foreach (ConfigValue value in field.Values)
                {
                    Write(list, value, json);
                }

                json.WriteEndArray();
                break;
            case var single:
                Write(single, field.Values[^1], json);
                break;
        }
    }

    private static void Write(FieldDescriptor field, ConfigValue value, Utf8JsonWriter json)
    {
        switch (value.Value)
        {
            case ConfigMessage message:
                Write(message, null, json);
                break;
            case ConfigAny any:
                Write(any, value.Node, json);
                break;
            case ConfigDuration duration:
                json.WriteStringValue(duration.ToString());
                break;
            case bool truth:
                json.WriteBooleanValue(truth);
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case int number when field.FieldType == FieldType.Enum && field.EnumType.FindValueByNumber(number) is { } name:
                json.WriteStringValue(name.Name);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case decimal number when IsWide(field):
                json.WriteStringValue($"{number}");
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            default:
                // Free-form JSON; bytes and what is no number are as they were written.
                Write(value.Node, json);
                break;
        }
    }

    private static void Write(ConfigAny any, Node node, Utf8JsonWriter json)
    {
        if (any.Message is { } message)
        {
            Write(message, $"type.googleapis.com/{any.TypeName}", json);
        }
        else
        {
            Write(node, json);
        }
    }

    private static void Write(Node node, Utf8JsonWriter json)
    {
        switch (node)
        {
            case MappingNode mapping:
                json.WriteStartObject();
                foreach (IGrouping<string, MappingEntry> same in mapping.Entries.GroupBy(JsonView.Key, StringComparer.Ordinal))
                {
                    json.WritePropertyName(same.Key);
                    Write(same.Last().Value, json);
                }

                json.WriteEndObject();
                break;
            case SequenceNode sequence:
                json.WriteStartArray();
                foreach (Node item in sequence.Items)
                {
                    Write(item, json);
                }

                json.WriteEndArray();
                break;
            default:
                WriteScalar(JsonView.Of(node), json);
                break;
        }
    }

    private static void WriteScalar((JsonKind Kind, string Text) scalar, Utf8JsonWriter json)
    {
        switch (scalar.Kind)
        {
            case JsonKind.Null:
                json.WriteNullValue();
                break;
            case JsonKind.True or JsonKind.False:
                json.WriteBooleanValue(scalar.Kind == JsonKind.True);
                break;
            case JsonKind.Number when long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer):
                json.WriteNumberValue(integer);
                break;
            case JsonKind.Number when double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue(scalar.Text);
                break;
        }
    }

    /// <summary>Integers of 64 bits are strings in protobuf's JSON.</summary>
    private static bool IsWide(FieldDescriptor field) =>
        field.FieldType is FieldType.Int64 or FieldType.UInt64 or FieldType.SInt64 or FieldType.Fixed64 or FieldType.SFixed64
        || (field.FieldType == FieldType.Message && field.MessageType.Name is "Int64Value" or "UInt64Value");
}
