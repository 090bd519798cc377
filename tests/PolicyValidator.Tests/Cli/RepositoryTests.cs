using PolicyValidator.Cli;

namespace PolicyValidator.Tests.Cli;

/// <summary>A folder as platform teams keep it: what is ours is judged, what is not is counted, and nothing is waited for.</summary>
public sealed class RepositoryTests : IDisposable
{
    private const string Policy = """
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyExtensionPolicy
        metadata: {name: processor}
        spec:
          targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: app}]
          extProc:
          - backendRefs: [{name: processor, port: 9002}]
            processingMode: {request: {body: Buffered} }

        """;

    /// <summary>A piece of the policy: without targets and backends no API server would take it.</summary>
    private const string Patch = """
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyExtensionPolicy
        metadata: {name: processor}
        spec:
          extProc:
          - failOpen: true

        """;

    private const string FullDuplex = "{grpc_service: {envoy_grpc: {cluster_name: p}}, processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED}}\n";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_whole_repository_is_clean_and_its_summary_says_what_was_passed_over()
    {
        foreach ((string name, string text) in Files)
        {
            folder.Write(name, text);
        }

        folder.Write("docs/legacy.yaml", [0x61, 0x3A, 0x20, 0xE9, 0x0A]);
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "deploy", "again"), Path.Combine(folder.Path, "deploy"));
        File.CreateSymbolicLink(Path.Combine(folder.Path, "self.yaml"), Path.Combine(folder.Path, "self.yaml"));
        File.CreateSymbolicLink(Path.Combine(folder.Path, "null.yaml"), "/dev/zero");
        Run run = Run.Of("lint", "--target", "eg=1.9", folder.Path);
        Assert.True(run is { ExitCode: ExitCode.Clean, Error: "" }, run.Error + run.Output);
        Assert.Contains("base/policy.yaml: clean", run.Output, StringComparison.Ordinal);
        Assert.Equal(
            [
                "passed over 4 patches of kustomizations: lint what kustomize build makes of them",
                "passed over 2 templates: lint what comes of them, as by helm template",
                "passed over 4 files that are neither YAML nor JSON and do not speak of ext_proc",
                "passed over 2 links that lead out of the checkout or to nothing: lint what they point to by its own name",
            ],
            run.Output.Split('\n').Where(line => line.StartsWith("passed over", StringComparison.Ordinal)).Select(line => line.Split(" (")[0]));
        Assert.DoesNotContain("node_modules", run.Output, StringComparison.Ordinal);
        Assert.StartsWith("nothing found in", run.Output.TrimEnd('\n').Split('\n')[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Quiet_prints_findings_and_their_sum()
    {
        folder.Write("base/policy.yaml", Policy);
        folder.Write("charts/templates/policy.yaml", Template);
        Assert.Equal("nothing found in 1 file\n", Run.Of("lint", "--quiet", "--target", "eg=1.9", folder.Path).Output);
        folder.Write("envoy.yaml", FullDuplex);
        Run run = Run.Of("lint", "--quiet", folder.Path);
        Assert.Equal(ExitCode.Findings, run.ExitCode);
        Assert.DoesNotContain("clean", run.Output, StringComparison.Ordinal);
        Assert.Contains("EP001", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("patches:\n- path: patch.yaml\n")]
    [InlineData("patchesStrategicMerge:\n- patch.yaml\n")]
    [InlineData("patchesStrategicMerge: [./patch.yaml]\n")]
    [InlineData("kind: Component\npatches:\n- {path: patch.yaml, target: {kind: EnvoyExtensionPolicy}}\n")]
    public void A_patch_that_a_kustomization_names_is_no_object(string kustomization)
    {
        string patch = folder.Write("overlay/patch.yaml", Patch);
        Assert.Equal(ExitCode.Findings, Run.Of("lint", "--target", "eg=1.9", folder.Path).ExitCode);
        folder.Write("overlay/kustomization.yaml", kustomization);
        Assert.Equal(ExitCode.Clean, Run.Of("lint", "--target", "eg=1.9", folder.Path).ExitCode);
        Run named = Run.Of("lint", "--target", "eg=1.9", patch);
        Assert.Equal(ExitCode.Clean, named.ExitCode);
        Assert.Contains("passed over 1 patch of a kustomization: lint what kustomize build makes of it (of ext_proc: ", named.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_patch_may_stand_in_a_folder_beside_or_below_its_kustomization()
    {
        folder.Write("overlays/a/kustomization.yml", "patches:\n- path: patches/deep/patch.yaml\n");
        folder.Write("overlays/a/patches/deep/patch.yaml", Patch);
        Assert.Equal(ExitCode.Clean, Run.Of("lint", "--target", "eg=1.9", folder.Path).ExitCode);
        folder.Write("overlays/a/patches/deep/other.yaml", Patch);
        Assert.Equal(ExitCode.Findings, Run.Of("lint", "--target", "eg=1.9", folder.Path).ExitCode);
    }

    [Theory]
    [InlineData("envoy.yaml", "name: envoy.filters.http.ext_proc\n\ttyped_config: {}\n", ExitCode.Findings)]
    [InlineData("policy.yaml", "kind: EnvoyExtensionPolicy\nspec: {extProc: [}\n", ExitCode.Findings)]
    [InlineData("settings.json", "{\n  // comment\n  \"a\": 1,\n}\n", ExitCode.Clean)]
    [InlineData("tabs.yaml", "a:\n\tb: c\n", ExitCode.Clean)]
    public void What_cannot_be_read_is_an_error_only_where_it_speaks_of_ext_proc_or_was_named(string name, string text, int found)
    {
        string file = folder.Write(name, text);
        Assert.Equal(found, Run.Of("lint", folder.Path).ExitCode);
        Assert.Equal(ExitCode.Findings, Run.Of("lint", file).ExitCode);
    }

    [Fact]
    public void So_it_is_with_other_encodings_and_large_files()
    {
        byte[] ours = [.. "# ext_proc \u00E9\n".Select(letter => (byte)letter)], other = [.. "# caf\u00E9\n".Select(letter => (byte)letter)];
        string latin = folder.Write("latin.yaml", other);
        folder.Write("large.json", $"\"{new string('x', 5_000)}\"");
        Assert.Equal(ExitCode.Clean, Run.Of("lint", "--max-file-bytes", "1000", folder.Path).ExitCode);
        Assert.Equal(ExitCode.Trouble, Run.Of("lint", latin).ExitCode);
        folder.Write("latin.yaml", ours);
        Assert.Equal(ExitCode.Trouble, Run.Of("lint", folder.Path).ExitCode);
    }

    [Fact]
    public void A_template_is_one_line_of_the_report_however_many_there_are()
    {
        for (int number = 0; number < 6; number++)
        {
            folder.Write($"charts/templates/{number}.yaml", Template);
        }

        string[] lines = Run.Of("lint", folder.Path).Output.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("passed over 6 templates: lint what comes of them, as by helm template (of ext_proc: ", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(" and 3 more)", lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTPRoute", "unknown")]
    [InlineData("Gateway", "other")]
    public void No_policy_in_a_folder_hides_what_is_wrong_with_a_patch(string kind, string target)
    {
        folder.Write("patch.yaml", """
            apiVersion: gateway.envoyproxy.io/v1alpha1
            kind: EnvoyPatchPolicy
            metadata: {name: patch}
            spec:
              targetRef: {group: gateway.networking.k8s.io, kind: Gateway, name: eg}
              type: JSONPatch
              jsonPatches:
              - type: type.googleapis.com/envoy.config.listener.v3.Listener
                name: default/eg/http
                operation: {op: add, path: /default_filter_chain/filters/0/typed_config/http_filters/0/typed_config/processing_mode/request_body_mode, value: FULL_DUPLEX_STREAMED}

            """);
        folder.Write("policy.yaml", Policy.Replace("Buffered", "FullDuplexStreamed", StringComparison.Ordinal).Replace("HTTPRoute", kind, StringComparison.Ordinal).Replace("name: app", $"name: {target}", StringComparison.Ordinal));
        Run run = Run.Of("lint", "--target", "eg=1.9", folder.Path);
        Assert.Equal(ExitCode.Findings, run.ExitCode);
        Assert.Contains("EP056", run.Output, StringComparison.Ordinal);
    }

    private static string Template => "{{- if .Values.ext_proc }}\n" + Policy + "{{- end }}\n";

    private static IEnumerable<(string, string)> Files =>
    [
        ("base/kustomization.yaml", "resources: [policy.yaml]\n"),
        ("base/policy.yaml", Policy),
        ("deploy/production/kustomization.yaml", "resources: [../../base]\npatches:\n- path: fail-open.yaml\n- {path: timeout.yaml, target: {kind: EnvoyExtensionPolicy}}\n- target: {kind: Deployment}\n  patch: |-\n    - {op: remove, path: /spec/replicas}\n"),
        ("deploy/production/fail-open.yaml", Patch),
        ("deploy/production/timeout.yaml", "- {op: add, path: /spec/extProc/0/messageTimeout, value: 1s}\n"),
        ("deploy/staging/kustomization.yaml", "resources: [../../base]\npatchesStrategicMerge: [fail-open.yaml]\npatchesJson6902: [{target: {kind: EnvoyExtensionPolicy}, path: replace.json}]\n"),
        ("deploy/staging/fail-open.yaml", Patch),
        ("deploy/staging/replace.json", """[{"op": "replace", "path": "/spec/extProc/0/failOpen", "value": true}]"""),
        ("charts/processor/Chart.yaml", "apiVersion: v2\nname: processor\nversion: 1.0.0\n"),
        ("charts/processor/values.yaml", "image: {tag: \"1.0\"}\n"),
        ("charts/processor/templates/policy.yaml", Template),
        ("charts/processor/templates/service.yaml", "{{- with .Values.service }}\nkind: Service\n{{- end }}\n"),
        ("crds/policies.yaml", "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: envoyextensionpolicies.gateway.envoyproxy.io}\nspec: {group: gateway.envoyproxy.io, names: {kind: EnvoyExtensionPolicy, plural: envoyextensionpolicies}, scope: Namespaced, versions: [{name: v1alpha1, schema: {openAPIV3Schema: {properties: {spec: {properties: {extProc: {type: array}}}}}}}]}\n"),
        ("web/tsconfig.json", "{\n  // strict, as everywhere\n  \"compilerOptions\": {\"strict\": true,},\n}\n"),
        ("web/package.json", "{\"name\": \"web\"}\n"),
        ("web/node_modules/x/broken.json", "{{{"),
        (".git/config.yaml", "a: [\n"),
        ("ci/tabs.yaml", "jobs:\n\tbuild: {}\n"),
        ("ci/two.json", "{} {}\n"),
        ("empty.yaml", ""),
        ("package.json", "{\"name\": \"x\", \"overrides\": {\"left-pad\": \"1.0.0\"} }"),
        (".eslintrc.json", "{\"overrides\": [{\"files\": [\"*.ts\"]}]}"),
        ("compose.yaml", "services: {app: {image: app} }\nconfigs: {app: {file: ./app.conf} }\n"),
        ("pipelines.yaml", "resources:\n  repositories: [{repository: templates, type: git}]\ndisabled: false\n"),
        ("rules/alert.yaml", "match: {severity: page}\ndomains: 5\n"),
        ("tests/case.yaml", "disabled: false\n"),
    ];
}
