using Envoy.Api.Protos;
using Google.Protobuf.Reflection;

namespace PolicyValidator.Tests.Oracle.Random;

/// <summary>Makes configs from the descriptors: all fields, all spellings, values at and over the limits. The same seed makes the same.</summary>
internal sealed class ConfigMaker(System.Random random, bool isYaml)
{
    private const string ExtProc = "envoy.extensions.filters.http.ext_proc.v3.";
    private const int MaxDepth = 6;

    private readonly ValueMaker values = new(random);

    /// <summary>A filter's config: one that would pass, with some random fields.</summary>
    public Piece.Map Filter()
    {
        List<(string, Piece)> entries = [TypeOf(random.Next(60) == 0 ? "ExtProcPerRoute" : "ExternalProcessor")];
        if (random.Next(12) > 0)
        {
            entries.Add(Service());
        }

        return With(entries, EnvoyApi.Types.Find(ExtProc + "ExternalProcessor"), random.Next(1, 5));
    }

    /// <summary>A filter whose bodies are, mostly, full duplex, with its mode in all spellings.</summary>
    public Piece.Map FullDuplexFilter()
    {
        string[] bodies = ["FULL_DUPLEX_STREAMED", "FULL_DUPLEX_STREAMED", "full_duplex_streamed", "4", "NONE", "STREAMED"], trailers = ["DEFAULT", "default", "0", "SKIP", "SEND", "2"];
        List<(string, Piece)> mode = [];
        foreach (string direction in new[] { "request", "response" })
        {
            mode.Insert(random.Next(mode.Count + 1), (Key(direction + "_body_mode"), values.Word(bodies[random.Next(bodies.Length)])));
            if (random.Next(2) == 0)
            {
                mode.Insert(random.Next(mode.Count + 1), (Key(direction + "_trailer_mode"), random.Next(6) == 0 ? ValueMaker.Null : values.Word(trailers[random.Next(trailers.Length)])));
            }
        }

        List<(string, Piece)> entries = [TypeOf("ExternalProcessor"), Service()];
        entries.Insert(random.Next(3), (Key("processing_mode"), new Piece.Map(mode) { HasTrailingComma = random.Next(20) == 0 }));
        return random.Next(3) == 0 ? With(entries, EnvoyApi.Types.Find(ExtProc + "ExternalProcessor"), 1) : new(entries);
    }

    /// <summary>A per-route config.</summary>
    public Piece.Map PerRoute()
    {
        List<(string, Piece)> entries = [TypeOf(random.Next(60) == 0 ? "ExternalProcessor" : "ExtProcPerRoute")];
        if (random.Next(5) > 0)
        {
            entries.Add((Key("overrides"), With([], EnvoyApi.Types.Find(ExtProc + "ExtProcOverrides"), random.Next(4))));
            return random.Next(12) == 0 ? With(entries, EnvoyApi.Types.Find(ExtProc + "ExtProcPerRoute"), 1) : new Piece.Map(entries);
        }

        return With(entries, EnvoyApi.Types.Find(ExtProc + "ExtProcPerRoute"), random.Next(3));
    }

    private static (string, Piece) TypeOf(string name) => ("\"@type\"", ValueMaker.Text($"type.googleapis.com/{ExtProc}{name}"));

    private (string, Piece) Service() => random.Next(8) == 0
        ? (Key("http_service"), new Piece.Map([("http_service", With([("http_uri", new Piece.Map([("uri", ValueMaker.Text("http://p:9000/")), ("cluster", ValueMaker.Text("ext_proc")), ("timeout", ValueMaker.Text("1s"))]))], EnvoyApi.Types.Find("envoy.config.core.v3.HttpService"), random.Next(2)))]))
        : (Key("grpc_service"), With([("envoy_grpc", new Piece.Map([("cluster_name", ValueMaker.Text("ext_proc"))]))], EnvoyApi.Types.Find("envoy.config.core.v3.GrpcService"), random.Next(6) == 0 ? 1 : 0));

    /// <summary>A bool, in one spelling or another.</summary>
    public Piece AnyBool() => values.Bool();

    /// <summary>Something that may fit nowhere.</summary>
    public Piece AnyValue() => values.Odd();

    private Piece.Map With(List<(string, Piece)> entries, MessageDescriptor type, int more, int depth = 1)
    {
        IList<FieldDescriptor> fields = type.Fields.InDeclarationOrder();
        var spelled = entries.ToDictionary(entry => fields.FirstOrDefault(field => entry.Item1.Trim('"') == field.JsonName)?.Name ?? entry.Item1.Trim('"'), entry => entry.Item1);
        for (; more > 0 && fields.Count > 0; more--)
        {
            FieldDescriptor field = fields[random.Next(fields.Count)];
            if (random.Next(12) == 0 && entries.Count > 0 && type.FindFieldByName(entries[^1].Item1.Trim('"')) is { } again)
            {
                field = again;
            }

            // Which of two spellings of a field decides in YAML is chance in Envoy: it reads the keys into a hash map.
            string key = isYaml && spelled.TryGetValue(field.Name, out string? before) ? before : Key(field.Name);
            spelled[field.Name] = key;
            entries.Add((key, random.Next(40) == 0 ? ValueMaker.Null : Field(field, depth)));
        }

        return new(entries) { HasTrailingComma = random.Next(40) == 0 };
    }

    /// <summary>Snake case, camel case, in quotes or not, with escapes; sometimes wrong.</summary>
    private string Key(string name)
    {
        string camel = string.Concat(name.Split('_').Select((word, at) => at == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
        string key = random.Next(150) == 0 ? WrongKey(name) : random.Next(5) == 0 ? camel : name;
        return random.Next(40) switch { 0 => key, 1 => $"'{key}'", 2 => $"\"{key.Replace("_", "\\u005f", StringComparison.Ordinal)}\"", _ => $"\"{key}\"" };
    }

    private string WrongKey(string name) => random.Next(6) switch
    {
        0 => name.Replace('_', '-'),
        1 => name.ToUpperInvariant(),
        2 => char.ToUpperInvariant(name[0]) + name[1..],
        3 => "<<",
        4 => " " + name,
        _ => name + "s",
    };

    private Piece Field(FieldDescriptor field, int depth)
    {
        if (field.IsMap)
        {
            FieldDescriptor value = field.MessageType.FindFieldByNumber(2);
            return new Piece.Map([.. Enumerable.Range(0, random.Next(3)).Select(at => ($"\"k{random.Next(3)}\"", Single(value, depth)))]);
        }

        return (field.IsRepeated, random.Next(8)) switch
        {
            (true, 0) or (false, > 0) => Single(field, depth),
            (true, 1) => new Piece.List([new Piece.List([Single(field, depth)])]),
            (true, _) => new Piece.List([.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(25) == 0 ? ValueMaker.Null : Single(field, depth))]),
            _ => random.Next(12) == 0 ? new Piece.List([Single(field, depth)]) : Single(field, depth),
        };
    }

    private Piece Single(FieldDescriptor field, int depth)
    {
        if (random.Next(40) == 0)
        {
            return values.Odd();
        }

        return field.FieldType == FieldType.Message ? Message(field.MessageType, field, depth) : values.Of(field);
    }

    private Piece Message(MessageDescriptor type, FieldDescriptor field, int depth) => type.Name switch
    {
        "Any" => Extension(field, depth),
        "Duration" => values.Duration(),
        "Struct" => FreeForm(depth),
        "BoolValue" or "UInt32Value" or "StringValue" or "DoubleValue" => random.Next(4) == 0
            ? new Piece.Map([("\"value\"", values.Of(type.FindFieldByNumber(1)))])
            : values.Of(type.FindFieldByNumber(1)),
        "GrpcService" when random.Next(4) > 0 => new Piece.Map([("envoy_grpc", new Piece.Map([("cluster_name", values.Cluster())]))]),
        "StringMatcher" or "RegexMatcher" => With([], type, 1, depth + 1),
        _ => With([], type, depth > MaxDepth ? 0 : random.Next(1, 4), depth + 1),
    };

    private Piece.Map Extension(FieldDescriptor field, int depth)
    {
        string fitting = field.ContainingType.Name == "TypedExtensionConfig" && random.Next(2) == 0
            ? "envoy.extensions.http.ext_proc.processing_request_modifiers.mapped_attribute_builder.v3.MappedAttributeBuilder"
            : "envoy.extensions.http.ext_proc.response_processors.save_processing_response.v3.SaveProcessingResponse";
        string type = random.Next(5) switch { 0 => "google.protobuf.Struct", 1 => "google.protobuf.Empty", 2 when random.Next(6) == 0 => "no.such.Type", _ => fitting };
        string host = random.Next(12) switch { 0 => "", 1 => "a/", _ => "type.googleapis.com/" };
        List<(string, Piece)> entries = random.Next(15) == 0 ? [] : [("\"@type\"", ValueMaker.Text(host + type))];
        return type == fitting ? With(entries, EnvoyApi.Types.Find(type), random.Next(3), depth + 1) : new(entries);
    }

    private Piece.Map FreeForm(int depth) => new([.. Enumerable.Range(0, random.Next(3)).Select(at =>
        ($"\"k{random.Next(4)}\"", depth > MaxDepth || random.Next(2) == 0 ? values.Odd() : random.Next(2) == 0 ? FreeForm(depth + 1) : new Piece.List([FreeForm(depth + 1), values.Odd()])))]);
}
