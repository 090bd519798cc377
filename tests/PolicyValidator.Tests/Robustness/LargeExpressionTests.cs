using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Robustness;

/// <summary>Expressions that are long, deep or many: what is not refused for its length is judged in a time that grows with it.</summary>
public sealed class LargeExpressionTests
{
    private const int Times = 2000;

    private const string Filter = "\"@type\": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\n";

    /// <summary>What there is much of, the file's name, and the text for a number of times.</summary>
    private static readonly Dictionary<string, (string File, Func<int, string> Make)> Texts = new()
    {
        ["attributes"] = ("a.yaml", n => Filter + "grpc_service: {envoy_grpc: {cluster_name: a}}\nrequest_attributes: [" + Each(n, i => $"request.a{i}, ") + "]\n"),
        ["attributes same"] = ("a.yaml", n => Filter + "grpc_service: {envoy_grpc: {cluster_name: a}}\nrequest_attributes: [" + Many("request.pat, ", n) + "]\n"),
        ["header rules"] = ("a.yaml", n => Filter + "grpc_service: {envoy_grpc: {cluster_name: a}}\nforward_rules: {allowed_headers: {patterns: [" + Each(n, i => $"{{safe_regex: {{regex: \"a{i}(\"}}}}, ") + "]}}\n"),
        ["cel parens"] = ("a.yaml", n => Filter + $"request_attributes: [\"{new string('(', n)}1{new string(')', n)}\"]\n"),
        ["cel plus"] = ("a.yaml", n => Filter + $"request_attributes: [\"1{Many(" + 1", n)}\"]\n"),
        ["cel not"] = ("a.yaml", n => Filter + $"request_attributes: [\"{Many("!", n)}true\"]\n"),
        ["cel minus"] = ("a.yaml", n => Filter + $"request_attributes: [\"{Many("-", n)}1\"]\n"),
        ["cel dots"] = ("a.yaml", n => Filter + $"request_attributes: [\"a{Many(".a", n)}\"]\n"),
        ["cel index"] = ("a.yaml", n => Filter + $"request_attributes: [\"a{Many("[0]", n)}\"]\n"),
        ["cel calls"] = ("a.yaml", n => Filter + $"request_attributes: [\"{Many("f(", n)}{Many(")", n)}\"]\n"),
        ["cel list"] = ("a.yaml", n => Filter + $"request_attributes: [\"[{Many("1,", n)}1]\"]\n"),
        ["cel map"] = ("a.yaml", n => Filter + $"request_attributes: [\"{{{Many("1:1,", n)}1:1}}\"]\n"),
        ["cel ternary"] = ("a.yaml", n => Filter + $"request_attributes: [\"{Many("a ? b : ", n)}c\"]\n"),
        ["cel macro"] = ("a.yaml", n => Filter + $"request_attributes: [\"{Many("[1].all(a, ", n)}true{Many(")", n)}\"]\n"),
        ["cel strings"] = ("a.yaml", n => Filter + $"request_attributes: [\"'{Many("a", n)}'\"]\n"),
        ["cel and"] = ("a.yaml", n => Filter + $"request_attributes: [\"a{Many(" && a", n)}\"]\n"),
        ["re2 parens"] = ("a.yaml", n => Filter + $"mutation_rules: {{allow_expression: {{regex: \"{Many("(", n)}{Many(")", n)}\"}}}}\n"),
        ["re2 alternatives"] = ("a.yaml", n => Filter + $"mutation_rules: {{allow_expression: {{regex: \"{Each(n, i => $"a{i}|")}b\"}}}}\n"),
        ["re2 same alternatives"] = ("a.yaml", n => Filter + $"mutation_rules: {{allow_expression: {{regex: \"{Many("a|", n)}b\"}}}}\n"),
        ["re2 stars"] = ("a.yaml", n => Filter + $"mutation_rules: {{allow_expression: {{regex: \"{Many("a*", n)}\"}}}}\n"),
        ["re2 nested stars"] = ("a.yaml", n => Filter + $"mutation_rules: {{allow_expression: {{regex: \"{Many("(", Math.Min(n,900))}a{Many(")*", Math.Min(n,900))}\"}}}}\n"),
        ["re2 classes"] = ("a.yaml", n => Filter + $"mutation_rules: {{allow_expression: {{regex: \"{Many("[^a]", n)}\"}}}}\n"),
        ["re2 one class"] = ("a.yaml", n => Filter + $"mutation_rules: {{allow_expression: {{regex: \"[{Each(n, i => $"\\\\x{{{(i*7)%60000+100:X}}}")}]\"}}}}\n"),
        ["re2 unicode"] = ("a.yaml", n => Filter + $"mutation_rules: {{allow_expression: {{regex: \"{Many("\\\\pL", n)}\"}}}}\n"),
        ["re2 icase unicode"] = ("a.yaml", n => Filter + $"mutation_rules: {{allow_expression: {{regex: \"(?i){Many("\\\\pL", n)}\"}}}}\n"),
        ["re2 counts"] = ("a.yaml", n => Filter + $"mutation_rules: {{allow_expression: {{regex: \"{Many("a{0,1000}", n)}\"}}}}\n"),
        ["re2 names"] = ("a.yaml", n => Filter + $"mutation_rules: {{allow_expression: {{regex: \"{Each(n, i => $"(?P<a{i}>a)")}\"}}}}\n"),
        ["re2 many"] = ("a.yaml", n => Filter + "mutation_rules: {allow_expression: {regex: a}}\nforward_rules: {allowed_headers: {patterns: [" + Each(n, i => "{safe_regex: {regex: \"((a{0,100}){0,10}){0,10}\"}}, ") + "]}}\n"),
        ["patches jsonpath deep"] = ("eg", n => Patch(1, "$" + Many("..", 1) + Many(".a", n))),
        ["patches jsonpath dots"] = ("eg", n => Patch(1, Many("..*", n))),
        ["patches jsonpath filter"] = ("eg", n => Patch(1, $"..http_filters[?(@.name == 'a'{Many(" || @.name == 'b'", n)})]")),
        ["patches jsonpath parens"] = ("eg", n => Patch(1, $"..http_filters[?{new string('(', n)}@.name == 'a'{new string(')', n)}]")),
        ["patches jsonpath not"] = ("eg", n => Patch(1, $"..http_filters[?({Many("!", n)}@.name)]")),
        ["patches jsonpath nested"] = ("eg", n => Patch(1, $"{Many("..[?(@", n)}{Many(")]", n)}")),
        ["patches jsonpath regex"] = ("eg", n => Patch(1, $"..http_filters[?(@.name =~ /{Many("a*", n)}b/)].typed_config.processing_mode")),
        ["patches jsonpath regex2"] = ("eg", n => Patch(1, $"..http_filters[?match(@.name, '{Many("(a+)+", n)}b')].typed_config.processing_mode")),
        ["patches jsonpath unions"] = ("eg", n => Patch(1, $"..['{Many("a','", n)}b']")),
        ["patches pointer"] = ("eg", n => Patch(1, "", Many("/a", n))),
        ["patches many"] = ("eg", n => Patch(n, "..http_filters[?(@.name =~ /.*ext_proc.*/)].typed_config.processing_mode")),
        ["patches match many"] = ("eg", n => Patch(n, "..http_filters[?match(@.name, '.*ext_proc.*')].typed_config.processing_mode")),
        ["format command"] = ("a.yaml", n => Filter + $"grpc_service: {{envoy_grpc: {{cluster_name: a}}, initial_metadata: [{{key: a, value: \"{Many("%REQ(a)%", n)}\"}}]}}\n"),
        ["format percent"] = ("a.yaml", n => Filter + $"grpc_service: {{envoy_grpc: {{cluster_name: a}}, initial_metadata: [{{key: a, value: \"{Many("%REQ(", n)}\"}}]}}\n"),
    };

    public static TheoryData<string> Names => [.. Texts.Keys];

    [Theory, MemberData(nameof(Names))]
    public void What_is_four_times_as_much_takes_no_longer_than_that(string name)
    {
        (string file, Func<int, string> make) = Texts[name];
        Target target = file switch { "eg" => Target.Parse("eg=1.9")!, "istio" => Target.Parse("istio=1.28")!, _ => Target.Newest };
        Assert.Null(WorkBound.Excess(Times, times =>
        {
            SourceText source = new(file is "eg" or "istio" ? "a.yaml" : file, make(times));
            return () => Linter.Lint([source], target, new());
        }));
    }

    private static string Many(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string Each(int times, Func<int, string> text) => string.Concat(Enumerable.Range(0, times).Select(text));

    private static string Patch(int patches, string jsonPath, string path = "/request_body_mode") => """
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyExtensionPolicy
        metadata: {name: a}
        spec:
          targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: eg}]
          extProc:
          - backendRefs: [{name: a, port: 1}]
        ---
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyPatchPolicy
        metadata: {name: a}
        spec:
          targetRef: {group: gateway.networking.k8s.io, kind: Gateway, name: eg}
          type: JSONPatch
          jsonPatches:

        """ + Many($$$"""
          - type: type.googleapis.com/envoy.config.listener.v3.Listener
            name: default/eg/http
            operation: {op: add, jsonPath: "{{{jsonPath}}}", path: {{{path}}}, value: STREAMED}

        """, patches);
}
