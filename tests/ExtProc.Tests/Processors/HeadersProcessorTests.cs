using ExtProc.Configuration.Reading;
using ExtProc.Pipeline;
using ExtProc.Processors;
using ExtProc.Testing;

namespace ExtProc.Tests.Processors;

public sealed class HeadersProcessorTests
{
    [Theory]
    [InlineData("set: { \"bad name\": x }", "set: \"bad name\" is not a header name; use letters, digits and !#$%&'*+-.^_`|~")]
    [InlineData("append: { \"\": x }", "append: \"\" is not a header name; use letters, digits and !#$%&'*+-.^_`|~")]
    [InlineData("set: { x: \"a\\nb\" }", "set: the value of \"x\" has a line end or a NUL, which no header value may have")]
    [InlineData("set: { X-Tag: a, x-tag: b }", "set: \"x-tag\" is there twice; header names have no case")]
    [InlineData("remove: [\":path\"]", "remove: \":path\" cannot be removed: Envoy never removes it")]
    [InlineData("append: { \":path\": /x }", "append: \":path\" cannot be appended to: Envoy never appends to it; set it")]
    [InlineData("set: { Content-Length: \"5\" }", "set: \"content-length\" cannot be set: this server keeps the length right itself; change the body, and it follows")]
    [InlineData("set: { host: a }", "set: \"host\" cannot be set: Envoy lets it be set only with mutation_rules.allow_all_routing; declare envoy.mutationRules.allowAllRouting when that is so")]
    public void What_no_exchange_would_take_is_refused_at_start(string edits, string problem)
    {
        string before = "- { name: headers, response: { " + edits[..(edits.IndexOf(':', StringComparison.Ordinal) + 2)];

        Assert.Equal($"extproc.yaml:2:{before.Length + 1}: error: pipeline[0].response.{problem}", Problems($"pipeline:\n- {{ name: headers, response: {{ {edits} }} }}\n"));
    }

    [Theory]
    [InlineData("{ allowAllRouting: true }", "set: { host: a, \":method\": PUT }")]
    [InlineData("{ allowEnvoy: true }", "set: { x-envoy-retry-on: 5xx }")]
    [InlineData("{}", "set: { \":path\": /x, x-tag: \"\" }, append: { x-tag: two }, remove: [X-Tag]")]
    public void What_the_declared_mutation_rules_allow_is_taken(string rules, string edits) =>
        Assert.Equal("", Problems($"envoy: {{ mutationRules: {rules} }}\npipeline: [{{ name: headers, request: {{ {edits} }} }}]\n"));

    [Fact]
    public async Task Headers_are_edited_and_bodies_pass_in_every_mode_and_split()
    {
        var edits = new HeaderEdits
        {
            Remove = ["x-gone"], Set = new Dictionary<string, string> { ["x-set"] = "new" }, Append = new Dictionary<string, string> { ["set-cookie"] = "b=2" },
        };
        (string, string)[] lines = [("x-gone", "1"), ("x-set", "old"), ("set-cookie", "a=1"), ("x-kept", "1")];

        PlayCount count = await Play.Through(() => new HeadersProcessor(new HeadersOptions { Request = edits, Response = edits }))
            .Request("POST", "/", "a request", lines).Response(200, "a response", lines)
            .ForEveryModeAndSplit(seen =>
            {
                Assert.Equal(("a request", "a response"), (seen.Upstream.Body, seen.Client.Body));
                AssertEdited(seen.Upstream);
                AssertEdited(seen.Client);
            });

        Assert.Equal((true, 0), (count.Played > 0, count.Refused));
    }

    private static void AssertEdited(SeenMessage message)
    {
        string LinesOf(string name) => string.Join('|', message.Headers.Where(line => line.Key == name).Select(line => line.Value));
        Assert.Equal(("", "new", "a=1|b=2", "1"), (LinesOf("x-gone"), LinesOf("x-set"), LinesOf("set-cookie"), LinesOf("x-kept")));
    }

    private static string Problems(string yaml) =>
        string.Join('\n', ConfigReader.Read(yaml, new("extproc.yaml", new Dictionary<string, string>(), []), new ProcessorCatalog().AddBuiltIn(), new ConfigProblems()).Problems);
}
