using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using PolicyValidator.Configuration;
using PolicyValidator.Expressions.Cel;
using PolicyValidator.Expressions.JsonPath;
using PolicyValidator.Expressions.Re2;
using PolicyValidator.Inputs;
using PolicyValidator.Inputs.YamlCpp;
using PolicyValidator.Rules;
using Tests.Shared;

namespace PolicyValidator.Tests.Robustness;

/// <summary>
/// Each reader of the program with texts that were changed at random: none breaks, none takes long for a text of a few kilobytes, and each says
/// the same when it is asked again. What breaks one is kept in <c>artifacts/fuzz</c>, and belongs into <c>Robustness/Corpus</c>, whose files are
/// tried each time, once it is mended.
/// </summary>
public sealed class FuzzTests
{
    private const int Seed = 20_261_128;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private static readonly string Corpus = Repository.PathOf("tests", "PolicyValidator.Tests", "Robustness", "Corpus");

    private static readonly string[] Documents =
    [
        .. Directory.EnumerateFiles(Repository.PathOf("tests", "PolicyValidator.Tests", "Surfaces", "Corpus"), "*.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllText),
        .. RuleCatalog.All.Select(rule => rule.Bad),
    ];

    /// <summary>By the reader's name, texts that it reads, and how it reads one: what it says, in words.</summary>
    private static readonly Dictionary<string, (string[] Seeds, Func<string, string> Read)> Readers = new()
    {
        ["yaml-of-envoy"] = (Documents, text => Shape(EnvoyYaml.Read(new("a.yaml", text), YamlCppRelease.V09)) + Shape(EnvoyYaml.Read(new("a.yaml", text), YamlCppRelease.V08))),
        ["yaml-of-kubernetes"] = (Documents, text => Shape(KubernetesYaml.Read(new("a.yaml", text)))),
        ["yaml-of-settings"] = (Documents, text => Shape(YamlDocuments.Read(new("a.yaml", text)))),
        ["json"] = (["{\"a\": [1, -2.5e3, true, null, \"b\\u0041\\n\"], 'c': {d: \"e\",},}", "[[], {}, \"\\ud83d\\ude00\"]"], Json),
        ["suppressions"] = (["a: 1 # policy-validator: ignore EP001, EP002 -- because\n# policy-validator: ignore-file EP003 -- of this\nb: '# policy-validator: ignore EP004'\n"], text => $"{Linter.Lint([new("a.yaml", text)], Target.Newest, new() { Rules = [] }).Policies.SuppressionComments.Count}"),
        ["settings"] = (["target: envoy=1.40\nseverity: {EP001: hint}\ninclude: ['a/**', '{b,c}*.yaml']\nignorePaths:\n- paths: [legacy]\n  rules: [EP1]\n  reason: old\n"], Settings),
        ["globs"] = (["a/**/b*.{yaml,yml}", "[a-z]?/\\*x/", "**/**/*", "{a,{b,c}d}"], Globs),
        ["cel"] = (["request.headers['a'] == 'b' && has(request.x) ? [1, 2u, 0x3].all(a, a > 1) : {'a': -1.5e3}.size()", "r\"\"\"a\"\"\".matches(b'c') || !true in [1]"], text => $"{CelExpression.Check(text, new EnvoyVersion(40, 0))}"),
        ["jsonpath"] = (["..http_filters[?(@.name == 'a' && @.b =~ /c.*/)].typed_config['d','e'][0:-1:2]", "$..*[?match(@.name, 'a.*')].b[-1]", "@.a[?(!(@.b) || length(@.c) > 1)]"], Path),
        ["re2"] = (["(?i:a|b)*?[^\\pL\\d-z]{2,5}(?P<n>x)\\b$", "\\Qab\\E|[[:alpha:]]+?\\x{41}", "((a{0,30}){0,9}|b){3}"], text => $"{Re2Pattern.Check(text, new EnvoyVersion(40, 0))}"),
    };

    public static TheoryData<string> Names => [.. Readers.Keys];

    public static TheoryData<string> Kept => [.. Directory.EnumerateFiles(Corpus).Select(path => System.IO.Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Names))]
    public void No_reader_breaks_in_a_second_of_changed_texts(string reader) => Fuzz(reader, TimeSpan.FromSeconds(1), Seed);

    [Theory, MemberData(nameof(Names)), Trait("Run", "all")]
    public void No_reader_breaks_in_half_a_minute_of_changed_texts(string reader) => Fuzz(reader, TimeSpan.FromSeconds(30), Seed + 100_000_000);

    [Theory, MemberData(nameof(Kept))]
    public void What_once_broke_a_reader_breaks_it_no_more(string file) => Try(file[..file.IndexOf('.', StringComparison.Ordinal)], File.ReadAllText(System.IO.Path.Combine(Corpus, file)));

    private static void Fuzz(string reader, TimeSpan howLong, int seed)
    {
        string[] seeds = Readers[reader].Seeds;
        long start = Stopwatch.GetTimestamp();
        for (; Stopwatch.GetElapsedTime(start) < howLong; seed++)
        {
            Random random = new(seed);
            string text = Mutator.Changed(seeds[random.Next(seeds.Length)], random, seeds[random.Next(seeds.Length)]);
            try
            {
                Try(reader, text);
            }
            catch (Exception broken)
            {
                throw new InvalidOperationException($"{reader}, seed {seed}, kept as {Keep(reader, text, seed)}: {broken.Message}\n{text}", broken);
            }
        }
    }

    private static void Try(string reader, string text)
    {
        (string first, string again) = ("", "");
        TimeSpan used = ThreadTime.Of(() => first = Readers[reader].Read(text));
        again = Readers[reader].Read(text);
        Assert.Equal(first, again);
        Assert.True(used < Longest, $"it took {used}");
    }

    private static string Keep(string reader, string text, int seed)
    {
        string path = Repository.PathOf("artifacts", "fuzz", $"{reader}.{seed}.txt");
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Documents in words, once their places are found to lie in their text.</summary>
    private static string Shape(IReadOnlyList<SourceDocument> documents) => string.Join('\n', documents.Select(document =>
    {
        int length = document.Source.Text.Length;
        Assert.All(document.Problems, problem => Assert.InRange(problem.Span.End, problem.Span.Start, length));
        return string.Join(' ', NodeTree.All(document.Root ?? new ScalarNode(default, "", ScalarStyle.Plain)).Select(node =>
        {
            Assert.InRange(node.UseSpan.Start, 0, length);
            Assert.InRange(node.UseSpan.End, node.UseSpan.Start, length);
            return $"{node.GetType().Name} {node.UseSpan} {(node as ScalarNode)?.Value}";
        })) + string.Join(' ', document.Problems);
    }));

    /// <summary>What a strict reader takes, ours takes for the same.</summary>
    private static string Json(string text)
    {
        SourceDocument ours = PolicyValidator.Inputs.JsonDocument.Read(new("a.json", text));
        if (Strict(text) is { } theirs)
        {
            Assert.Empty(ours.Problems);
            Assert.True(JsonNode.DeepEquals(theirs, Plain(ours.Root!)), "another reader reads something else");
        }

        return Shape([ours]);
    }

    private static JsonNode? Strict(string text)
    {
        try
        {
            JsonNode? read = JsonNode.Parse(text);
            _ = read?.ToJsonString(); // it looks at strings only now
            return HasNumbersBeyondDouble(read) ? null : read;
        }
        catch (Exception refused) when (refused is JsonException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    private static bool HasNumbersBeyondDouble(JsonNode? node) => node switch
    {
        JsonObject members => members.Any(member => HasNumbersBeyondDouble(member.Value)),
        JsonArray items => items.Any(HasNumbersBeyondDouble),
        JsonValue value => value.GetValueKind() == JsonValueKind.Number && !double.IsFinite(value.GetValue<double>()),
        _ => false,
    };

    private static JsonNode? Plain(Node node) => node switch
    {
        MappingNode mapping => new JsonObject(mapping.Entries.Select(entry => KeyValuePair.Create(entry.Key.Value, Plain(entry.Value)))),
        SequenceNode list => new JsonArray([.. list.Items.Select(Plain)]),
        ScalarNode { Style: ScalarStyle.JsonNumber or ScalarStyle.JsonLiteral } scalar => JsonNode.Parse(scalar.Value),
        var scalar => JsonValue.Create(((ScalarNode)scalar).Value),
    };

    private static string Settings(string text)
    {
        try
        {
            return $"{ConfigReader.Read(new("a.yaml", text)).Format}";
        }
        catch (ConfigException refused)
        {
            return refused.Message;
        }
    }

    private static string Globs(string text)
    {
        try
        {
            return $"{new Glob(text).Matches("a/b/c/d.yaml")}";
        }
        catch (FormatException refused)
        {
            return refused.Message;
        }
    }

    private static string Path(string text)
    {
        try
        {
            return $"{JsonPathParser.Parse(text).Count}";
        }
        catch (Exception refused) when (refused is JsonPathException or PathNotFollowedException)
        {
            return refused.Message;
        }
    }
}
