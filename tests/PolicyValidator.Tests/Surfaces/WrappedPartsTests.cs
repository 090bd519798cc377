using System.Text;
using PolicyValidator.Fixes;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Surfaces;

/// <summary>ext_proc is found wherever its type stands, at the line and by the path of the outer file, and is mended there where that is exact.</summary>
public sealed class WrappedPartsTests
{
    private const string Filter = """{"@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor, grpc_service: {envoy_grpc: {cluster_name: p}}, processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED}}""";
    private const string Json = """{"@type": "type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor", "grpc_service": {"envoy_grpc": {"cluster_name": "p"}}, "processing_mode": {"request_body_mode": "FULL_DUPLEX_STREAMED"}}""";

    /// <summary>A text, the line and the path of the finding, and whether the fix can be made there.</summary>
    public static TheoryData<string, int, string, bool> Wrappers => new()
    {
        { $"kind: CiliumEnvoyConfig\napiVersion: cilium.io/v2\nspec:\n  resources:\n  - {Filter}\n", 5, "/spec/resources/0/processing_mode/request_body_mode", true },
        { $"apiVersion: a.example.com/v1\nkind: B\nspec: {{x: [[{{y: {Filter}}}]]}}\n", 3, "/spec/x/0/0/y/processing_mode/request_body_mode", true },
        { $"image: {{tag: 1}}\nfilters:\n- name: one\n  typed_config: {Filter}\n", 4, "/filters/0/typed_config/processing_mode/request_body_mode", true },
        { $"apiVersion: v1\nkind: ConfigMap\ndata:\n  no-ending: |\n    # first\n    {Filter}\n", 6, "/data/no-ending/processing_mode/request_body_mode", true },
        { $"apiVersion: v1\nkind: Secret\nstringData:\n  a.json: |2-\n\n      {Json}\n", 6, "/stringData/a.json/processing_mode/request_body_mode", true },
        { $"values: |\r\n  inner: |\r\n    deep:\r\n      {Filter}\r\n", 4, "/values/inner/deep/processing_mode/request_body_mode", true },
        { $"- |\n  a: |\n    b: |\n      {Filter}\n", 4, "/0/a/b/processing_mode/request_body_mode", true },
        { $"apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  data:\n    x: |\n      ---\n      a: b\n      ---\n      {Filter}\n", 11, "/items/0/data/x/processing_mode/request_body_mode", true },
        { $"text: '{Json}'\n", 1, "/text/processing_mode/request_body_mode", false },
        { $"text: >\n  {Filter}\n", 1, "/text/processing_mode/request_body_mode", false },
        { $"outer: >-\n  inner: |\n    {Filter}\n", 1, "/outer", false },
        { $"a: 1\ntext: \"{Filter.Replace("\"", "\\\"", StringComparison.Ordinal)}\"\n", 2, "/text/processing_mode/request_body_mode", false },
        { $"a: 1\nsecret: {Convert.ToBase64String(Encoding.UTF8.GetBytes(Filter))}\n", 2, "/secret/processing_mode/request_body_mode", false },
        { $"a: 1\nsecret: {Convert.ToBase64String(Encoding.UTF8.GetBytes("#\n" + Json))}\n", 2, "/secret/processing_mode/request_body_mode", false },
    };

    /// <summary>Texts in which nothing is to be judged.</summary>
    public static TheoryData<string> Silent => new()
    {
        "note: the type is type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\n",
        "allowed:\n- type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\n",
        "script: |\n  if grep ext_proc: [ file ]; then\n",
        "a: &a [1]\nmatch: *a\ntext: ext_proc\n",
        $"apiVersion: x.example.com/v1\nkind: A\nmetadata:\n  name: n\n  annotations:\n    last: '{{\"apiVersion\": \"x.example.com/v1\", \"kind\": \"A\", \"metadata\": {{\"name\": \"n\"}}, \"spec\": {Json}}}'\nspec: {{}}\n",
    };

    [Theory, MemberData(nameof(Wrappers))]
    public void A_filter_is_found_at_its_place_in_any_wrapper(string text, int line, string pointer, bool isExact)
    {
        Finding found = Assert.Single(Lint(text).Findings);
        Assert.Equal(("EP001", line), (found.Rule.Id, found.Source.PositionAt(found.Span.Start).Line));
        Assert.StartsWith(pointer, found.Pointer, StringComparison.Ordinal);
        FixedText made = FixApplier.Apply(new SourceText("a.yaml", text), source => Linter.Lint([source], Target.Newest, new LintOptions()), unsafeToo: true);
        Assert.Equal(isExact, made.Source.Text != text);
        Assert.Equal(isExact ? 0 : 1, made.Result.Findings.Count);
        Assert.Equal(text, made.Source.Text.Replace(", request_trailer_mode: SEND", "", StringComparison.Ordinal).Replace(", \"request_trailer_mode\": \"SEND\"", "", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Silent))]
    public void What_only_speaks_of_ext_proc_is_not_judged(string text) => Assert.Empty(Lint(text).Findings);

    [Fact]
    public void Texts_in_texts_are_read_to_a_limit_and_what_lies_deeper_is_said()
    {
        string text = Json;
        for (int level = 1; level <= InputLimits.MaxNesting; level++)
        {
            text = Quoted(text);
        }

        Assert.Equal("EP001", Assert.Single(LintJson(text).Findings).Rule.Id);
        Assert.Equal("EP194", Assert.Single(LintJson(Quoted(text)).Findings).Rule.Id);
    }

    /// <summary>Reading a file takes most of the work; that there is no ext_proc in it is one look at each value.</summary>
    [Fact]
    public void A_large_file_without_ext_proc_costs_little_more_than_its_reading()
    {
        StringBuilder large = new("apiVersion: a.example.com/v1\nkind: B\nitems:\n");
        for (int item = 0; item < 5_000; item++)
        {
            large.Append($"- name: item-{item}\n  value: {{a: [1, 2, 3], text: \"some words of no meaning\", more: {new string('x', 80)}}}\n");
        }

        string text = large.ToString();
        Lint(text);
        long start = GC.GetAllocatedBytesForCurrentThread();
        DocumentReader.Read(new SourceText("a.yaml", text));
        long reading = GC.GetAllocatedBytesForCurrentThread() - start;
        Lint(text);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - start - reading, 0, reading * 2);
    }

    /// <summary>An anchor's text is read once, however often aliases repeat it.</summary>
    [Fact]
    public void A_text_that_aliases_repeat_is_read_where_it_is_written()
    {
        string text = $"a: &text |\n  {Filter}\nb: [{string.Join(", ", Enumerable.Repeat("*text", 1_000))}]\n";
        Assert.Equal("/a/processing_mode/request_body_mode", Assert.Single(Lint(text).Findings).Pointer);
    }

    private static string Quoted(string text) => $"{{\"a\": {System.Text.Json.JsonSerializer.Serialize(text)}}}";

    private static LintResult Lint(string text) => Linter.Lint([new SourceText("a.yaml", text)], Target.Newest, new LintOptions());

    private static LintResult LintJson(string text) => Linter.Lint([new SourceText("a.json", text)], Target.Newest, new LintOptions());
}
