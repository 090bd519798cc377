namespace PolicyValidator.Expressions.Cel;

/// <summary>Message types that an expression may make.</summary>
internal static class CelMessages
{
    // Envoy knows every message that is linked into it; of these packages not all of it can be known here, so nothing is refused.
    private static readonly string[] LinkedPackages = ["envoy.", "xds.", "udpa.", "google.api.", "google.rpc.", "cel.", "validate.", "opentelemetry."];

    private static readonly Dictionary<string, string[]> WellKnown = new(StringComparer.Ordinal)
    {
        ["Any"] = ["type_url", "value"],
        ["BoolValue"] = ["value"],
        ["BytesValue"] = ["value"],
        ["DoubleValue"] = ["value"],
        ["Duration"] = ["seconds", "nanos"],
        ["Empty"] = [],
        ["FieldMask"] = ["paths"],
        ["FloatValue"] = ["value"],
        ["Int32Value"] = ["value"],
        ["Int64Value"] = ["value"],
        ["ListValue"] = ["values"],
        ["StringValue"] = ["value"],
        ["Struct"] = ["fields"],
        ["Timestamp"] = ["seconds", "nanos"],
        ["UInt32Value"] = ["value"],
        ["UInt64Value"] = ["value"],
        ["Value"] = ["null_value", "number_value", "string_value", "bool_value", "struct_value", "list_value"],
    };

    // Linked too, but nobody would make one: their fields are not checked.
    private static readonly HashSet<string> OfSchemas = new(StringComparer.Ordinal)
    {
        "DescriptorProto", "DescriptorProto.ExtensionRange", "DescriptorProto.ReservedRange", "Enum", "EnumDescriptorProto",
        "EnumDescriptorProto.EnumReservedRange", "EnumOptions", "EnumValue", "EnumValueDescriptorProto", "EnumValueOptions",
        "ExtensionRangeOptions", "ExtensionRangeOptions.Declaration", "FeatureSet", "FeatureSetDefaults",
        "FeatureSetDefaults.FeatureSetEditionDefault", "Field", "FieldDescriptorProto", "FieldOptions", "FieldOptions.EditionDefault",
        "FieldOptions.FeatureSupport", "FileDescriptorProto", "FileDescriptorSet", "FileOptions", "GeneratedCodeInfo",
        "GeneratedCodeInfo.Annotation", "MessageOptions", "MethodDescriptorProto", "MethodOptions", "NullValue", "OneofDescriptorProto",
        "OneofOptions", "Option", "ServiceDescriptorProto", "ServiceOptions", "SourceCodeInfo", "SourceCodeInfo.Location", "SourceContext",
        "Struct.FieldsEntry", "Type", "UninterpretedOption", "UninterpretedOption.NamePart",
    };

    /// <summary>What is wrong with a message literal, and where; null when Envoy can make it.</summary>
    public static (CelToken Token, string Message)? Problem(CelMessage message)
    {
        const string Google = "google.protobuf.";
        bool isGoogle = message.Type.StartsWith(Google, StringComparison.Ordinal);
        if (isGoogle && WellKnown.TryGetValue(message.Type[Google.Length..], out string[]? fields))
        {
            return UnknownField(message, fields);
        }

        bool known = isGoogle
            ? OfSchemas.Contains(message.Type[Google.Length..])
            : Array.Exists(LinkedPackages, package => message.Type.StartsWith(package, StringComparison.Ordinal));
        return known ? null : (message.Token, $"Envoy has no message type \"{message.Type}\"; write the full name of one, such as google.protobuf.Duration");
    }

    private static (CelToken Token, string Message)? UnknownField(CelMessage message, string[] fields)
    {
        foreach (CelField field in message.Fields)
        {
            if (!fields.Contains(field.Name))
            {
                return (field.Token, $"{message.Type} has no field \"{field.Name}\"; it has {(fields.Length == 0 ? "none" : string.Join(", ", fields))}");
            }
        }

        return null;
    }
}
