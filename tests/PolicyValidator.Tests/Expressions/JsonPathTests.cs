using System.Text.Json.Nodes;
using PolicyValidator.Expressions.JsonPath;

namespace PolicyValidator.Tests.Expressions;

/// <summary>
/// Paths in the language of Envoy Gateway's library, with what its own parser and evaluator say: a name ends at a dash, <c>=~</c> finds
/// and <c>match</c> takes the whole text, a list has no fields.
/// </summary>
public sealed class JsonPathTests
{
    private const string Nested = """{"a": "b", "v": [{"x": "test1", "y": "hello"}, {"x": "test2", "y": "world", "n": 2}], "f": {"w": "hi", "q": "welcome", "y": "ciao"}, "y": "c", "dotted.key": 1, "t": true}""";

    [Theory]
    [InlineData("$.xyz", "")]
    [InlineData("$.a", "a")]
    [InlineData(".a", "a")]
    [InlineData("a", "a")]
    [InlineData("f.w", "f/w")]
    [InlineData("$['f']['w']", "f/w")]
    [InlineData("$[\"dotted.key\"]", "dotted.key")]
    [InlineData("f.*", "f/w f/q f/y")]
    [InlineData("v.*", "v/0 v/1")]
    [InlineData("v.**", "v/0/x v/0/y v/1/x v/1/y v/1/n")]
    [InlineData("**.y", "v/0/y v/1/y")]
    [InlineData("$..y", "y v/0/y v/1/y f/y")]
    [InlineData("..y", "y v/0/y v/1/y f/y")]
    [InlineData("v.x", "")]
    [InlineData("a.b", "")]
    [InlineData("v[0].y", "v/0/y")]
    [InlineData("v[-1].y", "v/1/y")]
    [InlineData("v[2]", "")]
    [InlineData("v[-3]", "")]
    [InlineData("..[1].x", "v/1/x")]
    [InlineData("v[*].y", "v/0/y v/1/y")]
    [InlineData("v[:].y", "v/0/y v/1/y")]
    [InlineData("v[1:].y", "v/1/y")]
    [InlineData("v[0:1].y", "v/0/y")]
    [InlineData("v[::-1].y", "v/0/y")]
    [InlineData("v[0,1].y", "v/0/y v/1/y")]
    [InlineData("f['w','y']", "f/w f/y")]
    [InlineData("v[?(@.x=='test2')]", "v/1")]
    [InlineData("v[?(@.x == \"test2\")].y", "v/1/y")]
    [InlineData("v[?@.x == 'test1'].y", "v/0/y")]
    [InlineData("v[?(@.x=='UNKNOWN')].y", "")]
    [InlineData("v[?(@.x != 'test1')].x", "v/1/x")]
    [InlineData("v[?(@.x =~ 'est')].x", "v/0/x v/1/x")]
    [InlineData("v[?(@.x =~ /^test[2-9]$/)].x", "v/1/x")]
    [InlineData("v[?(@.x =~ '(')].x", "")]
    [InlineData("v[?match(@.x, 'est1')].x", "")]
    [InlineData("v[?match(@.x, '.*est1')].x", "v/0/x")]
    [InlineData("v[?search(@.x, 'est1')].x", "v/0/x")]
    [InlineData("v[?(@.n)].x", "v/1/x")]
    [InlineData("v[?(!@.n)].x", "v/0/x")]
    [InlineData("v[?(@.n exists false)].x", "v/0/x")]
    [InlineData("v[?(@.n > 1 && @.x == 'test2')].x", "v/1/x")]
    [InlineData("v[?(@.n > 1 || @.x == 'test1')].x", "v/0/x v/1/x")]
    [InlineData("v[?(@.n + 1 == 3)].x", "v/1/x")]
    [InlineData("v[?(@.x in ['test1', 'other'])].x", "v/0/x")]
    [InlineData("v[?(length(@.x) == 5)].x", "v/0/x v/1/x")]
    [InlineData("v[?(@.y == $.v[0].y)].x", "v/0/x")]
    [InlineData("$[?(@ == 'b')]", "a")]
    [InlineData("v[?(@[*] == 'world')].x", "v/1/x")]
    public void A_path_finds(string path, string places) =>
        Assert.Equal(places, string.Join(' ', JsonPathQuery.Find(JsonPathParser.Parse(path), Known(JsonNode.Parse(Nested))).Select(match => string.Join('/', match.Way))));

    [Theory]
    [InlineData("$", "using only Root")]
    [InlineData(".$", "can not start with a '$'")]
    [InlineData("$.", "not terminated")]
    [InlineData("$.a-b", "parse error")]
    [InlineData("$.@type", "can not start with a '@'")]
    [InlineData("a$", "parse error")]
    [InlineData("$.v[", "parse error")]
    [InlineData("$.v[0", "not terminated")]
    [InlineData("$.v['x", "not terminated")]
    [InlineData("$.v[?(@.x == 'a']", "not terminated")]
    [InlineData("$.v[?(@.x ~ 'a')]", "is not a valid operation")]
    [InlineData("$.v[?(equals(@.x, 'a'))]", "'equals' is not a value or function")]
    [InlineData("$.v[(@.length-1)]", "CompileScript")]
    [InlineData("$.v['\\q']", "not a valid escaped character")]
    [InlineData("/listeners/0", "parse error")]
    public void A_path_is_refused(string path, string message) =>
        Assert.Contains(message, Assert.Throws<JsonPathException>(() => JsonPathParser.Parse(path)).Message, StringComparison.Ordinal);

    [Fact]
    public void Paths_that_would_keep_us_busy_are_given_up()
    {
        PathValue value = new PathValue.Scalar(1d);
        for (int level = 0; level < 4; level++)
        {
            value = new PathValue.List([.. Enumerable.Repeat(value, 20)], IsOpen: false);
        }

        Assert.Throws<PathNotFollowedException>(() => JsonPathQuery.Find(JsonPathParser.Parse("$..*..*..*"), value));
        Assert.Throws<PathNotFollowedException>(() => JsonPathParser.Parse("$[?" + new string('(', 10_000)));
        Assert.Throws<PathNotFollowedException>(() => JsonPathParser.Parse("$[?" + new string('(', 1_000)));
        Assert.Throws<PathNotFollowedException>(() => JsonPathQuery.Find(JsonPathParser.Parse("$[?(@ =~ '[[:alpha:]]')]"), Known(JsonNode.Parse("""["a"]"""))));
    }

    /// <summary>In a list of which not all items are known a place is a guess, and what is not known can be anything.</summary>
    [Theory]
    [InlineData("$.list[0].name", false)]
    [InlineData("$.list[*].name", true)]
    [InlineData("$..list[:].name", true)]
    [InlineData("$.list[?(@.name == 'a')].name", true)]
    [InlineData("$.list[?(@.other == 'a')].name", false)]
    [InlineData("$.list[?(@.name == 'b')].name", null)]
    [InlineData("$.list[?(@.other == 'x' && @.name == 'b')].name", null)]
    [InlineData("$.list[?(@.other == 'x' || @.name == 'a')].name", true)]
    [InlineData("$.else.name", false)]
    public void What_is_found_in_a_document_that_is_known_in_part_is_sure_or_not(string path, bool? isSure)
    {
        PathValue item = new PathValue.Mapping(new Dictionary<string, PathValue> { ["name"] = new PathValue.Scalar("a") }, IsOpen: true);
        PathValue root = new PathValue.Mapping(new Dictionary<string, PathValue> { ["list"] = new PathValue.List([item], IsOpen: true) }, IsOpen: true);
        Assert.Equal(isSure, JsonPathQuery.Find(JsonPathParser.Parse(path), root).SingleOrDefault()?.IsSure);
    }

    private static PathValue Known(JsonNode? node) => node switch
    {
        JsonObject mapping => new PathValue.Mapping(mapping.ToDictionary(field => field.Key, field => Known(field.Value)), IsOpen: false),
        JsonArray list => new PathValue.List([.. list.Select(Known)], IsOpen: false),
        JsonValue value when value.TryGetValue(out string? text) => new PathValue.Scalar(text),
        JsonValue value when value.TryGetValue(out bool truth) => new PathValue.Scalar(truth),
        JsonValue value => new PathValue.Scalar(value.GetValue<double>()),
        _ => new PathValue.Scalar(null),
    };
}
