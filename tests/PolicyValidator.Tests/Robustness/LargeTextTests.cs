using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Robustness;

/// <summary>Texts with very many or very long parts of one kind: the time to read and judge them grows with their length.</summary>
public sealed class LargeTextTests
{
    private const int Times = 3000;

    private const string Filter = "\"@type\": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\n";

    private const string Policy = "apiVersion: gateway.envoyproxy.io/v1alpha1\nkind: EnvoyExtensionPolicy\nmetadata: {name: a}\nspec:\n  extProc:\n  - backendRefs: [{name: a, port: 1}]\n";

    private const string ConfigMap = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n";

    /// <summary>What there is much of, the file's name, and the text for a number of times.</summary>
    private static readonly Dictionary<string, (string File, Func<int, string> Make)> Texts = new()
    {
        ["unknown keys"] = ("a.yaml", n => Filter + Each(n, i => $"key{i}: 1\n")),
        ["unknown keys json"] = ("a.json", n => "{\"@type\": \"type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\"" + Each(n, i => $", \"key{i}\": 1") + "}"),
        ["unknown keys k8s"] = ("a.yaml", n => Policy + Each(n, i => $"    key{i}: 1\n")),
        ["near keys"] = ("a.yaml", n => Filter + Each(n, i => $"request_attribute{i}: 1\n")),
        ["same key"] = ("a.yaml", n => Filter + Many("grpc_service: {}\n", n)),
        ["same key json"] = ("a.json", n => "{\"@type\": \"type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\"" + Many(", \"request_attributes\": [\"a\"]", n) + "}"),
        ["same map key json"] = ("a.json", n => "{\"@type\": \"type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\"" + Each(n, i => $", \"metadata_options\": {{\"cluster_metadata_forwarding_namespaces\": {{}} }}, \"filter_metadata\": {{\"a\": {{\"k{i}\": 1}}}}")  + "}"),
        ["same key k8s"] = ("a.yaml", n => Policy + Many("    failOpen: true\n", n)),
        ["merge keys k8s"] = ("a.yaml", n => "apiVersion: v1\nkind: X\nmetadata: {name: a}\nb: &b {a: 1}\nc:\n" + Many("  <<: *b\n", n)),
        ["documents"] = ("a.yaml", n => Many("---\n" + Filter, n)),
        ["documents k8s"] = ("a.yaml", n => Many("---\n" + Policy, n)),
        ["empty documents"] = ("a.yaml", n => Many("---\n", n)),
        ["empty documents k8s"] = ("a.yaml", n => Policy + Many("---\n", n)),
        ["ended documents"] = ("a.yaml", n => Many("a: 1\n...\n", n)),
        ["anchors"] = ("a.yaml", n => Filter + Each(n, i => $"a{i}: &a{i} 1\n")),
        ["anchors k8s"] = ("a.yaml", n => Policy + Each(n, i => $"    a{i}: &a{i} 1\n")),
        ["aliases"] = ("a.yaml", n => Filter + "a: &a 1\n" + Each(n, i => $"a{i}: *a\n")),
        ["comments"] = ("a.yaml", n => Filter + Many("# comment\n", n)),
        ["suppressions"] = ("a.yaml", n => Filter + Many("# policy-validator: ignore EP001 -- because\n", n)),
        ["suppressions used"] = ("a.yaml", n => Filter + Each(n, i => $"# policy-validator: ignore EP021 -- because\nwrong{i}: 1\n")),
        ["file suppressions"] = ("a.yaml", n => Filter + Each(n, i => $"# policy-validator: ignore-file EP022 -- because\nwrong{i}: 1\n")),
        ["suppression words"] = ("a.yaml", n => Filter + "# policy-validator: ignore " + Many("EP021 ", n) + "-- because\nwrong: 1\n"),
        ["hashes"] = ("a.yaml", n => Filter + "# policy-validator:" + Many("a#", n) + "\n"),
        ["markers"] = ("a.yaml", n => Filter + "# " + Many("policy-validator: ", n) + "\n"),
        ["markers2"] = ("a.yaml", n => Filter + "# " + Many("# policy-validator:", n) + "\n"),
        ["tabs before marker"] = ("a.yaml", n => Filter + "#" + new string(' ', n) + "policy-validator: ignore\n" + Many(" #" , n) + "\n"),
        ["long plain"] = ("a.yaml", n => Filter + "a: " + Many("word ", n) + "\n"),
        ["long plain lines"] = ("a.yaml", n => Filter + "a: word\n" + Many("  word\n", n)),
        ["long plain lines k8s"] = ("a.yaml", n => Policy + "    a: word\n" + Many("      word\n", n)),
        ["blank lines"] = ("a.yaml", n => Filter + "a: word\n" + Many("   \n", n)),
        ["blank lines k8s"] = ("a.yaml", n => Policy + "    a: word\n" + Many("   \n", n)),
        ["long quoted"] = ("a.yaml", n => Filter + "a: \"" + Many("word ", n) + "\"\n"),
        ["long quoted blanks"] = ("a.yaml", n => Filter + "a: \"" + Many("   \n", n) + "\"\n"),
        ["long quoted blanks k8s"] = ("a.yaml", n => Policy + "    a: \"" + Many("   \n", n) + "\"\n"),
        ["block"] = ("a.yaml", n => Filter + "a: |\n" + Many("  word  \n", n)),
        ["block trailing"] = ("a.yaml", n => Filter + "a: |-\n  a\n" + Many("  \n", n)),
        ["block trailing k8s"] = ("a.yaml", n => Policy + "    a: >-\n        a\n" + Many("  \n", n)),
        ["folded"] = ("a.yaml", n => Filter + "a: >\n" + Many("  word\n\n", n)),
        ["flow list"] = ("a.yaml", n => Filter + "a: [" + Many("a, ", n) + "]\n"),
        ["flow list k8s"] = ("a.yaml", n => Policy + "    a: [" + Many("a, ", n) + "]\n"),
        ["flow map one line"] = ("a.yaml", n => Filter + "a: {" + Each(n, i => $"a{i}: b, ") + "}\n"),
        ["flow map k8s"] = ("a.yaml", n => Policy + "    a: {" + Each(n, i => $"a{i}: b, ") + "}\n"),
        ["flow list lines"] = ("a.yaml", n => Filter + "a: [" + Many("a,\n ", n) + "]\n"),
        ["flow open"] = ("a.yaml", n => new string('[', n)),
        ["flow open k8s"] = ("a.yaml", n => Policy + "    a: " + new string('[', n)),
        ["flow open map"] = ("a.yaml", n => Many("{a: ", n)),
        ["flow open lines"] = ("a.yaml", n => Many("[\n", n)),
        ["flow shallow"] = ("a.yaml", n => Filter + "a: " + Many("[[[]]],", 1) + "\nb: [" + Many("[],", n) + "]\n"),
        ["questions"] = ("a.yaml", n => Many("? a\n", n)),
        ["questions flow"] = ("a.yaml", n => "[" + Many("? a : b,", n) + "]"),
        ["dashes"] = ("a.yaml", n => Many("- ", n)),
        ["dash lines"] = ("a.yaml", n => Many("- a\n", n)),
        ["nested dash lines"] = ("a.yaml", n => Many("- - a\n", n)),
        ["keys without colon"] = ("a.yaml", n => Many("a\n", n)),
        ["key candidates"] = ("a.yaml", n => Filter + "a: [" + Many("\"a\" ,", n) + "]\n"),
        ["tags"] = ("a.yaml", n => Filter + Each(n, i => $"a{i}: !!str a\n")),
        ["tag handles"] = ("a.yaml", n => Each(n, i => $"%TAG !a{i}! tag:a,2000:\n") + "---\n" + Filter),
        ["tag handles k8s"] = ("a.yaml", n => Each(n, i => $"%TAG !a{i}! tag:a,2000:\n") + "---\n" + Policy),
        ["percents"] = ("a.yaml", n => Many("%FOO\n", n) + "---\na: 1\n"),
        ["long tag"] = ("a.yaml", n => Filter + "a: !<" + new string('a', n) + "> b\n"),
        ["long anchor"] = ("a.yaml", n => Filter + "a: &" + new string('a', n) + " b\n"),
        ["long key"] = ("a.yaml", n => Filter + new string('k', n) + ": b\n"),
        ["long key json children"] = ("a.json", n => "{\"@type\": \"type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\", \"" + new string('k', n) + "\": {" + Each(n / 10, i => (i>0?",":"") + $"\"a{i}\": 1") + "}}"),
        ["long key k8s children"] = ("a.yaml", n => ConfigMap + "  ? " + new string('k', n) + "\n  :\n" + Each(n / 10, i => $"    a{i}: 1\n    a{i}: 1\n")),
        ["escapes"] = ("a.json", n => "{\"a\": \"" + Many("\\u0041", n) + "\"}"),
        ["configmap texts"] = ("a.yaml", n => ConfigMap + Each(n, i => $"  a{i}.yaml: |\n    grpc_service: {{}} # ext_proc\n")),
        ["configmap quoted"] = ("a.yaml", n => ConfigMap + "  a.yaml: \"" + Many("- ext_proc\\n", n) + "\"\n"),
        ["configmap block"] = ("a.yaml", n => ConfigMap + "  a.yaml: |\n" + Many("    - ext_proc: 1\n", n)),
        ["configmap block bad"] = ("a.yaml", n => ConfigMap + "  a.yaml: |\n    ext_proc.v3.ExternalProcessor\n" + Many("    - ext_proc: ]\n", n)),
        ["base64"] = ("a.yaml", n => "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ndata:\n  a: " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Many("ext_proc: 1\n", n))) + "\n"),
        ["k8s words"] = ("a.yaml", n => Many("apiVersion\n", n)),
        ["k8s spaces"] = ("a.yaml", n => Many(" ", n) + "\n" + Many("\n", n) + "apiVersion :"),
        ["kind braces"] = ("a.yaml", n => "apiVersion: 1\n" + Many("{ ", n)),
        ["kind spaces"] = ("a.yaml", n => "apiVersion: 1\n{" + Many("{\t", n/2) + Many(" ", n)),
        ["crd list set"] = ("a.yaml", n => Policy.Replace("[{name: a, port: 1}]", "[" + Each(n, i => $"{{name: a{i}, port: 1}}, ") + "]")),
        ["crd bad values"] = ("a.yaml", n => Policy + "    processingMode:\n      request:\n        attributes: [" + Many("1, ", n) + "]\n"),
        ["modes allowed"] = ("a.yaml", n => Filter + "grpc_service: {envoy_grpc: {cluster_name: a}}\nallow_mode_override: true\nprocessing_mode: {response_header_mode: SKIP}\nallowed_override_modes: [" + Many("{request_body_mode: STREAMED}, ", n) + "]\n"),
        ["initial metadata"] = ("a.yaml", n => Filter + "grpc_service: {envoy_grpc: {cluster_name: a}, initial_metadata: [" + Each(n, i => $"{{key: a{i}, value: b}}, ") + "]}\n"),
        ["struct"] = ("a.yaml", n => Filter + "grpc_service: {envoy_grpc: {cluster_name: a}}\nfilter_metadata: {" + Each(n, i => $"a{i}: {{b: 1}}, ") + "}\n"),
        ["extproc steps"] = ("extproc.yaml", n => "pipeline:\n" + Many("- name: replace\n  in: request\n", n) + "---\n"),
        ["extproc names"] = ("extproc.yaml", n => "pipeline:\n- name: replace\nenvoy:\n  allowModeOverride: true\n  requestAttributes: [" + Each(n, i => $"a{i}, ") + "]\n"),
        ["istio merges same"] = ("istio", n => Istio("INSERT_BEFORE", 1) + Many(Istio("MERGE", 1), n)),
        ["istio merges pairs"] = ("istio", n => Many(Istio("INSERT_BEFORE", 1), n) + Many(Istio("MERGE", 1), n)),
        ["istio patches"] = ("istio", n => Istio("MERGE", n)),
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

    private static string Istio(string operation, int patches) => "---\napiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: a}\nspec:\n  configPatches:\n" + Many("""
          - applyTo: HTTP_FILTER
            match: {listener: {filterChain: {filter: {name: h, subFilter: {name: p}}}}}
            patch:
              operation: OPERATION
              value:
                name: p
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                  processing_mode: {request_body_mode: STREAMED}

        """.Replace("OPERATION", operation, StringComparison.Ordinal), patches);
}
