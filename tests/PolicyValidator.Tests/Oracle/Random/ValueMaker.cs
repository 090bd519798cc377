using System.Text.Json;
using Google.Protobuf.Reflection;
using PolicyValidator.Tests.Expressions;

namespace PolicyValidator.Tests.Oracle.Random;

/// <summary>Makes values of fields: mostly good ones, also those at and over the limits, in all spellings.</summary>
internal sealed class ValueMaker(System.Random random)
{
    private static readonly string[] Durations = ["0s", "0.2s", "1s", "60s", "3600s", "3600.000000001s", "3601s", "-1s", "-0s", "500ms", "1m", "1", "", "s", "1.s", ".5s", "1.0000000001s", "1.000000001s", "01s", "+1s", " 1s", "1S", "9223372035s", "9223372036s", "315576000001s", "0.0005s"];
    private static readonly string[] Numbers = ["0", "1", "2", "5", "9", "100", "500", "999", "4294967295", "4294967296", "-1", "-0", "2147483648", "1.0", "1.5", "2e0", "5e2", "1e400", "0.5e1"];
    private static readonly string[] QuotedNumbers = ["0", "1", "2", "5", "500", " 5", "+5", "05", "0x5", "1.0", "1e2", "5.", ".5e1", "", "-1", "4294967296", "five", "1_0"];
    private static readonly string[] YamlPlain = ["yes", "no", "on", "Off", "y", "N", "True", "FALSE", "tRue", "~", "null", "Null", "nUll", "010", "08", "0x1F", "0b1", "0o7", "1_000", "+5", "-5", "1.5", "1e3", ".5", ".inf", "2026-01-01", "99999999999999999999", "!!str 5", "!!int \"5\"", "!!str true", "! 5", "!x yes", "'5'", "\"5\"", "SEND", "'SEND'", "None", "a b", "a#b", "a: b", "'it''s'", "\"\\u00e4\"", "\"\\x41\"", "*none", "&a 5", "<<", "- 5", "@x", "%x", "`x`", "[a", "{", "|", "> x", "? a"];
    private static readonly string[] Strings = ["", "a", "ext_proc", "envoy.filters.http.ext_proc", "x-a", "a\nb", "\0", "ä", "a b", "%REQ(x)%", "%NOPE%", "100%", "%%", ":path", "true", "5", "\t"];
    private static readonly string[] Attributes = ["request.path", "request.headers['x']", "request.[", "", "1 +", "a b", "size(request.path) > 3", "no_such(1)", "[1, 2].map(x, x)", "connection.mtls", "xds.cluster_name", "'a' in ['a']", "request.path.matches('(')", "true ? 1 : 2", "{'a': 1}"];
    private static readonly string[] Regexes = ["a", "", "(", "[a", "a{1001}", "a{2,1}", "(?=a)", "\\1", "^x-.*$", "^[a-z0-9-]{1,63}$", "(a|b|c)*d{1,40}", "\\pL", "\\pX", "(?i)abc", "a**", "x{0,30}", "[[:alpha:]]+", "\\C", "(?P<n>a)", "ä+"];

    private static readonly string[] OddJson = ["NaN", "Infinity", "01", "1.", ".5", "-", "--1", "+1", "0x1", "1_0", "1e999", "1e-999", "tru", "True", "None", "nul", "'a'", "'it\\'s'", "\"\\x41\"", "\"\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\udc00\"", "\"a\tb\"", "\"a\nb\"", "\"a\u0001b\"", "\"\\u0000\"", "\"\\U0001F600\"", "\"\\a\"", "/* c */ 1", "1 // c", "\"a", "[1,]", "[,]", "{,}", "{1: 2}", "{true: 1}", "{a-b: 1}", "{\"\": 1}", "[[]]", "[[[]]]", "{\"a\" 1}", "1 2", "\u00a01", "\u000b1"];
    private static readonly string[] BlockHeaders = ["|", "|-", "|+", ">", ">-", ">+", "|2", ">1-"];
    private static readonly string[] Formats = ["%REQ(x)%", "%REQ(:path?x):10%", "%REQ%", "%REQ()%", "%PROTOCOL%", "%PROTOCOL(x)%", "%START_TIME(%s)%", "%START_TIME%", "%%", "%", "text", "%DYNAMIC_METADATA(a:b)%", "%CEL(request.path)%", "%NOPE%", "%DOWNSTREAM_REMOTE_ADDRESS%", "%HOSTNAME%", "%ENVIRONMENT(PATH)%", "%RESPONSE_CODE%", "%BYTES_RECEIVED:5%", "%FILTER_STATE(a:PLAIN)%", "%FILTER_STATE(a:x)%", "%QUERY_PARAM(a)%", "%req(x)%", "% REQ(x)%", "%REQ(x)", "%METADATA(ROUTE:a)%", "%METADATA(X:a)%", "%UPSTREAM_CLUSTER%", "%STREAM_ID%", "%TRACE_ID%", "%PATH(NQ)%", "%GRPC_STATUS%"];

    private readonly ExpressionGenerator expressions = new(random);
    private readonly PatternGenerator patterns = new(random);

    public static Piece Null { get; } = new Piece.Leaf("null", "null");

    public static Piece Text(string text) => new Piece.Leaf(Quote(text), Quote(text));

    public Piece Of(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Bool => Bool(),
        FieldType.Enum => Enum(field.EnumType),
        FieldType.String => String(field),
        FieldType.Bytes => Text(Any(["YQ==", "YQ", "Y", "_-__", "!", "", "YQ="])),
        FieldType.Double or FieldType.Float => Number(),
        _ => random.Next(5) == 0 ? Text(Any(QuotedNumbers)) : Number(),
    };

    public Piece Duration() => random.Next(8) switch
    {
        0 => new Piece.Map([("seconds", Number()), ("nanos", Number())]),
        1 => new Piece.Map([("seconds", Number())]),
        < 5 => Text(Durations[random.Next(5)]),
        5 => new Piece.Leaf(Quote(Durations[random.Next(5)]), Durations[random.Next(5)]),
        6 => Text($"{random.NextInt64(-2, 4_000)}{Any(["", ".", ".5", ".000000001", ".0000000001", ".999999999"])}{Any(["s", "s", "s", "ms", "", "S", " s", "m"])}"),
        _ => Text(Any(Durations)),
    };

    /// <summary>A name or number, in quotes, without, or as a block.</summary>
    public Piece Word(string word) => (random.Next(8), char.IsAsciiDigit(word[0])) switch
    {
        (0, _) => new Piece.Leaf($"'{word}'", $"'{word}'"),
        (1, false) => new Piece.Block(word, ">-"),
        (2, _) => Text(word),
        (3, false) => new Piece.Leaf(Quote(word), $"&{(char)random.Next('a', 'e')} {word}"),
        (_, true) => new Piece.Leaf(word, word),
        _ => new Piece.Leaf(Quote(word), word),
    };

    public Piece Cluster() => Text(Any(["ext_proc", "other", "", "a b"]));

    /// <summary>Something that may fit nowhere.</summary>
    public Piece Odd() => random.Next(11) switch
    {
        9 => new Piece.Leaf(Any(OddJson), Any(YamlPlain)),
        10 => new Piece.Block(Any(["SEND", "1s", "true", "a", "5"]), Any(BlockHeaders)),
        0 => Null,
        1 => new Piece.Map([]),
        2 => new Piece.List([]),
        3 => Bool(),
        4 => Number(),
        5 => Text(Any(Strings)),
        6 => new Piece.List([Null, Number()]),
        7 => new Piece.Map([("\"a\"", Number())]),
        _ => Plain(),
    };

    public Piece Bool() => random.Next(6) switch
    {
        < 4 => random.Next(2) == 0 ? new Piece.Leaf("true", "true") : new Piece.Leaf("false", "false"),
        4 => Text(Any(["true", "False", "t", "yes", "Y", "1", "0", "on", "off", "", " true", "2", "no"])),
        _ => Plain(),
    };

    private Piece Enum(EnumDescriptor type)
    {
        EnumValueDescriptor value = type.Values[random.Next(type.Values.Count)];
        return random.Next(12) switch
        {
            0 => Number(),
            1 => Text(Any(QuotedNumbers)),
            2 => Text(value.Name.ToLowerInvariant()),
            3 => Text(value.Name.Replace("_", "", StringComparison.Ordinal)),
            4 => new Piece.Leaf($"{value.Number}", $"{value.Number}"),
            5 => Plain(),
            6 => new Piece.Leaf(Quote(value.Name), value.Name),
            _ => Text(value.Name),
        };
    }

    private string Mixed(string name) => random.Next(4) switch
    {
        0 => name + " ",
        1 => char.ToUpperInvariant(name[0]) + name[1..].ToLowerInvariant(),
        2 => name.Replace('_', '-'),
        _ => string.Concat(name.Select(letter => random.Next(2) == 0 ? char.ToLowerInvariant(letter) : letter)),
    };

    private Piece String(FieldDescriptor field) => (field.Name, random.Next(10)) switch
    {
        (_, 0) => Text(Any(Strings)),
        (_, 1) when random.Next(6) == 0 => Text(new string('x', 16_384 + random.Next(2))),
        (_, 1) when random.Next(2) == 0 => Plain(),
        ("request_attributes" or "response_attributes", 2 or 3) => Text(expressions.Next()),
        ("request_attributes" or "response_attributes", _) => Text(random.Next(2) == 0 ? "request.path" : Any(Attributes)),
        ("regex", < 6) => Text(patterns.Next()),
        ("regex", _) => Text(Any(Regexes)),
        ("value", < 6) => Text(string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Any(Formats)))),
        (_, 2) when random.Next(3) == 0 => new Piece.Block(Any(Strings).ReplaceLineEndings("").Replace("\0", "", StringComparison.Ordinal).Trim() + "a", Any(BlockHeaders)),
        _ => Text(Any(["a", "ext_proc", "x-b", "127.0.0.1:9"])),
    };

    private Piece.Leaf Number()
    {
        string number = random.Next(3) > 0 ? Numbers[random.Next(8)] : Any(Numbers);
        return new(number, number);
    }

    /// <summary>A plain YAML scalar; in JSON the same in quotes.</summary>
    private Piece.Leaf Plain()
    {
        string plain = Any(YamlPlain);
        return new(Quote(plain), plain);
    }

    private string Any(string[] choices) => choices[random.Next(choices.Length)];

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
