using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Rules;

public sealed class FingerprintTests
{
    private const string Filter = """
        "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
        grpc_service: {envoy_grpc: {cluster_name: processor}, timeout: 1s}
        processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED}

        """;

    private static readonly string Listed = $"http_filters:\n- name: p\n  typed_config:\n{Indented(4, Filter)}";

    [Fact]
    public void Moved_lines_other_indent_and_other_places_in_a_list_change_nothing()
    {
        string before = One(Listed);
        Assert.Equal(before, One("# a comment\n\n" + Listed));
        Assert.Equal(before, One(Listed.Replace("http_filters:\n", "http_filters:\n- name: first\n  disabled: true\n", StringComparison.Ordinal)));
        Assert.Equal(before, One($"http_filters:\n  - name: p\n    typed_config:\n{Indented(8, Filter)}"));
        Assert.Equal(before, One("a: b\n---\n" + Listed));
    }

    [Fact]
    public void Another_rule_file_object_or_value_changes_it()
    {
        string[] all =
        [
            One(Filter),
            One(Filter, path: "b.yaml"),
            One(Filter.Replace("request_body", "response_body", StringComparison.Ordinal)),
            One(Filter, rule: "EP245"),
            One(Listed),
            One($"{ConfigMap("x")}{Indented(4, Listed)}"),
            One($"{ConfigMap("y")}{Indented(4, Listed)}"),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
    }

    [Fact]
    public void Equal_findings_are_counted()
    {
        IReadOnlyList<string> twice = All($"{Filter}---\n{Filter}", "a.yaml", "EP001");
        Assert.Equal(2, twice.Distinct().Count());
        Assert.Equal(One(Filter), twice[0]);
    }

    private static string ConfigMap(string name) => $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata:\n  envoy.yaml: |\n";

    private static string One(string text, string path = "a.yaml", string rule = "EP001") => Assert.Single(All(text, path, rule));

    private static IReadOnlyList<string> All(string text, string path, string rule)
    {
        LintOptions options = new() { Rules = [.. RuleCatalog.All.Where(each => each.Id == rule)] };
        return Fingerprint.Of(Linter.Lint([new SourceText(path, text)], Target.Newest, options).Findings, path);
    }

    private static string Indented(int columns, string text) =>
        string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{new string(' ', columns)}{line}\n"));
}
