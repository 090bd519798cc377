using Google.Protobuf.Reflection;
using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Decoding;

/// <summary>Reads the messages that have a JSON form of their own: Any, Duration, Struct, wrappers.</summary>
internal sealed class WellKnownDecoder(DecodeContext context, MessageDecoder messages, ScalarDecoder scalars)
{
    private const string Package = "google.protobuf.";

    /// <summary>Whether a type has a JSON form of its own.</summary>
    public static bool Knows(MessageDescriptor type) =>
        type.FullName.StartsWith(Package, StringComparison.Ordinal) && type.FullName != Package + "Empty";

    /// <summary>The value in the form that <see cref="ConfigValue"/> lists, the node itself for free-form JSON; null when it does not fit.</summary>
    public object? Read(FieldDescriptor field, Node node, object? existing) => field.MessageType.FullName == Package + "Any"
        ? node is MappingNode { Entries.Count: 0 } && existing is ConfigAny before ? before : Any(node, field)
        : Read(field.MessageType, node, existing);

    private object? Read(MessageDescriptor type, Node node, object? existing) => type.FullName[Package.Length..] switch
    {
        "Duration" => Duration(type, node, existing),
        "Struct" => Struct(node),
        "BoolValue" or "StringValue" or "BytesValue" or "DoubleValue" or "FloatValue"
            or "Int32Value" or "Int64Value" or "UInt32Value" or "UInt64Value" => Wrapper(type, node),
        _ => node,
    };

    /// <summary>Reads an Any: its type, and its message where the fields of that type are known here.</summary>
    /// <param name="node">The value.</param>
    /// <param name="field">The field that it stands in; null for one that stands alone.</param>
    public ConfigAny? Any(Node node, FieldDescriptor? field)
    {
        if (node is not MappingNode mapping)
        {
            return Wrong<ConfigAny>(node, "a message with its @type", "write a mapping that begins with \"@type\"");
        }

        MappingEntry[] types = [.. JsonView.Entries(mapping, context.Format).Where(entry => JsonView.Key(entry) == "@type")];
        if (types.Length == 0 && mapping.Entries.Count == 0)
        {
            return new ConfigAny("", null);
        }

        if (types.Length != 1)
        {
            context.Report(ProblemKind.WrongType, node, types.Length == 0 ? "a message without its @type" : "a message with more than one @type", "write one \"@type\": type.googleapis.com/ and the full name of the message");
            return null;
        }

        if (JsonView.Of(types[0].Value) is not (JsonKind.String, { } url))
        {
            return Wrong<ConfigAny>(types[0].Value, "a type URL", "write type.googleapis.com/ and the full name of the message");
        }

        if (url.LastIndexOf('/') <= 0)
        {
            context.Report(ProblemKind.UnknownType, types[0].Value, $"'{Described.Short(url)}' is not a type URL", $"write type.googleapis.com/{url.TrimStart('/')}");
            return new ConfigAny(url, null);
        }

        return Typed(mapping, url, types[0].Value, field);
    }

    private ConfigAny Typed(MappingNode mapping, string url, Node typeNode, FieldDescriptor? field)
    {
        ConfigAny any = new(url, null);
        bool isLinkedIn = EnvoyTypes.IsLinkedIn(any.TypeName, context.Target.Version);
        if (!isLinkedIn && (context.ExtProcDepth > 0 || TypeUrls.IsEnvoysOwn(any.TypeName)))
        {
            context.Report(ProblemKind.UnknownType, typeNode, $"this Envoy has no type '{Described.Short(any.TypeName)}'", TypeUrls.Advice(any.TypeName));
        }

        if (!isLinkedIn || EnvoyTypes.Find(any.TypeName) is not { } type)
        {
            return any;
        }

        if (Knows(type))
        {
            ReadValueOf(type, mapping);
            return any;
        }

        ConfigMessage message = messages.Decode(type, mapping, inAny: true);
        return TypeUrls.IsTypedStruct(any.TypeName) ? Unpacked(any, message, field) : any with { Message = message };
    }

    /// <summary>In an Any, a type with a JSON form of its own stands in a field called <c>value</c>.</summary>
    private void ReadValueOf(MessageDescriptor type, MappingNode mapping)
    {
        foreach (MappingEntry entry in JsonView.Entries(mapping, context.Format).Where(entry => JsonView.Key(entry) != "@type"))
        {
            if (JsonView.Key(entry) == "value")
            {
                Read(type, entry.Value, null);
            }
            else
            {
                context.Report(ProblemKind.UnknownField, entry.Key.UseSpan, entry.Value.Pointer, $"'{entry.Key.Value}' beside the @type of a {type.Name}", "put the content into 'value'");
            }
        }
    }

    /// <summary>A TypedStruct stands for the message of its <c>type_url</c>, with or without a host before the name.</summary>
    private ConfigAny Unpacked(ConfigAny any, ConfigMessage typedStruct, FieldDescriptor? field)
    {
        string url = typedStruct.String("type_url").Value;
        string name = TypedStructPlace.Read(url[(url.LastIndexOf('/') + 1)..], field);
        Node? value = typedStruct.PlaceOf("value").Node;
        if (EnvoyTypes.Find(name) is not { } type || Knows(type))
        {
            return any with { TypeName = name };
        }

        // Until 1.39 what a TypedStruct holds is read strictly in dynamic configuration too.
        DecodeContext inner = context with { IsDynamic = context.IsDynamic && context.Target.Version.Minor >= 40, Problems = [] };
        ConfigMessage message = value is null ? new(type, typedStruct.Node) : new MessageDecoder(inner).Decode(type, value);
        if (field?.FullName == "envoy.config.route.v3.FilterConfig.config")
        {
            return any with { TypeName = name, Message = message, HeldBack = inner.Problems };
        }

        context.Problems.AddRange(inner.Problems);
        return any with { TypeName = name, Message = message };
    }

    private object? Duration(MessageDescriptor type, Node node, object? existing)
    {
        switch (JsonView.Of(node))
        {
            case (JsonKind.String, var text):
                (ConfigDuration value, string? problem) = DurationText.Read(text);
                if (problem is null)
                {
                    return value;
                }

                context.Report(ProblemKind.WrongType, node, $"'{Described.Short(text)}': {problem}", "write seconds, such as 2s or 0.25s");
                return null;
            case (JsonKind.Object, _):
                ConfigMessage parts = messages.Decode(type, node);
                ConfigDuration before = existing as ConfigDuration? ?? default;
                return new ConfigDuration(
                    parts.Has("seconds") ? (long)parts.Integer("seconds").Value : before.Seconds,
                    parts.Has("nanos") ? (int)parts.Integer("nanos").Value : before.Nanos);
            default:
                return Wrong<object>(node, "a duration", "write seconds with an s, such as 2s or 0.25s");
        }
    }

    private object? Wrapper(MessageDescriptor type, Node node)
    {
        FieldDescriptor value = type.FindFieldByNumber(1);
        if (node is not MappingNode)
        {
            return scalars.Read(value, node);
        }

        ConfigMessage message = messages.Decode(type, node);
        return message.FieldOf("value")?.Values[^1].Value ?? ScalarDecoder.Default(value);
    }

    private object? Struct(Node node)
    {
        if (node is not MappingNode mapping)
        {
            return Wrong<object>(node, "free-form JSON", "write a mapping");
        }

        RefuseRepeatedKeys(mapping);
        if (StructDepth.Of(mapping) > StructDepth.Max)
        {
            context.Report(ProblemKind.WrongType, node, "nested too deep for a protobuf Struct", "make it flatter: about 33 mappings or 49 lists inside each other are read");
        }

        return node;
    }

    private void RefuseRepeatedKeys(Node node)
    {
        if (node is SequenceNode sequence)
        {
            foreach (Node item in sequence.Items)
            {
                RefuseRepeatedKeys(item);
            }
        }
        else if (node is MappingNode mapping)
        {
            HashSet<string> keys = new(StringComparer.Ordinal);
            foreach (MappingEntry entry in JsonView.Entries(mapping, context.Format))
            {
                if (!keys.Add(JsonView.Key(entry)))
                {
                    context.Report(ProblemKind.WrongType, entry.Key.UseSpan, entry.Value.Pointer, $"the key '{entry.Key.Value}' stands twice in free-form JSON", "keep one of them");
                }

                RefuseRepeatedKeys(entry.Value);
            }
        }
    }

    private T? Wrong<T>(Node node, string wanted, string help)
        where T : class
    {
        context.Report(ProblemKind.WrongType, node, $"{Described.Value(node)} where {wanted} should stand", help);
        return null;
    }
}
