using Envoy.Runner;
using PolicyValidator.Cli;

namespace PolicyValidator.Tests.Cli;

/// <summary><c>--envoy</c> gives the binary the whole text, and calls only that agreement which is about the same thing.</summary>
public sealed class EnvoyComparisonTests : IDisposable
{
    private const string Typed = "\"@type\": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor";
    private const string Service = "grpc_service: {envoy_grpc: {cluster_name: p}}";
    private const string Mode = "processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED}";
    private const string Router = "{name: r, typed_config: {\"@type\": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}";

    private static string Binary => EnvoyBinary.Find("1.40.0").Path;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string> Accepted => new()
    {
        { "a flow map at the end", $"name: a\ntyped_config:\n  {Typed}\n  {Service}\n" },
        { "a flow list at the end", $"name: a\ntyped_config:\n  {Typed}\n  {Service}\n  request_attributes: [request.path]\n" },
        { "a word at the end", $"name: a\ntyped_config:\n  {Typed}\n  {Service}\n  failure_mode_allow: true\n" },
        { "brackets around everything", $"{{name: a, typed_config: {{{Typed}, {Service}, request_attributes: [request.path]}}}}\n" },
        { "brackets on lines of their own", $"{{\n  name: a,\n  typed_config: {{\n    {Typed},\n    {Service}\n  }}\n}}\n" },
        { "a comment behind the last bracket", $"{Typed}\n{Service} # }} ]\n# the end }}\n" },
        { "a list of filters in brackets", $"[{{name: a, typed_config: {{{Typed}, {Service}}}}}, {Router}]\n" },
        { "carriage returns", $"name: a\r\ntyped_config:\r\n  {Typed}\r\n  {Service}\r\n" },
        { "a byte order mark", $"\uFEFFname: a\ntyped_config:\n  {Typed}\n  {Service}\n" },
        { "tabs between words", $"{Typed}\ngrpc_service:\t{{envoy_grpc: {{cluster_name: p}}}}\t# tab\n" },
        { "a document mark and indent", $"---\n  {Typed}\n  {Service}\n...\n" },
        { "JSON", "{\"name\": \"a\", \"typed_config\": {\"@type\": \"type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor\", \"grpc_service\": {\"envoy_grpc\": {\"cluster_name\": \"p\"}}}}\n" },
    };

    public static TheoryData<string, string, string> Refused => new()
    {
        { "by the filter, with a flow map at the end", $"{Typed}\n{Service}\n{Mode}\n", "EP001: If the ext_proc filter" },
        { "by the schema", $"{Typed}\ngrpc_service: {{envoy_grpc: {{cluster_name: \"\"}}}}\n", "EP024: Proto constraint" },
        { "for a field that is missing", $"{Typed}\ngrpc_service: {{google_grpc: {{target_uri: a}}}}\n", "EP025: Proto constraint" },
        { "for a field that is not there", $"{Typed}\n{Service}\nnope: 1\n", "EP021: " },
        { "for a name that an enum has not", $"{Typed}\n{Service}\nroute_cache_action: FORGET\n", "EP023: " },
        { "for a broken text", $"{Typed}\ngrpc_service: {{envoy_grpc: {{cluster_name: p}}\n", "EP020: yaml-cpp" },
        { "for a list without an end", $"- {{name: a, typed_config: {{{Typed}, {Service}}}}}\n", "EP012: " },
    };

    [Theory, MemberData(nameof(Accepted))]
    public void Envoy_gets_the_whole_text(string what, string text)
    {
        Run run = Asked(text);
        Assert.True(run.ExitCode == ExitCode.Clean, $"{what}: {run.Error}{run.Output}");
        Assert.EndsWith(": asked about the file: Envoy 1.40.0 accepts it\nEnvoy 1.40.0 agrees about 1 file\n", run.Error, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Refused))]
    public void A_refusal_names_the_rule_that_says_the_same(string what, string text, string said)
    {
        Run run = Asked(text);
        Assert.True(run.Error.Contains($": Envoy 1.40.0 refuses it for the same thing as {said}", StringComparison.Ordinal), $"{what}: {run.Error}");
        Assert.EndsWith("\nEnvoy 1.40.0 agrees about 1 file\n", run.Error, StringComparison.Ordinal);
    }

    /// <summary>The refusal of the whole does not say which of the filters it means, so each is asked about in a file of its own.</summary>
    [Fact]
    public void Of_several_filters_each_is_asked_about()
    {
        Run run = Asked($"- name: a\n  typed_config: {{{Typed}, {Service}, {Mode}}}\n- name: b\n  typed_config:\n    {Typed}\n    {Service}\n- {Router}\n");
        Assert.Contains("asked about the file: Envoy 1.40.0 refuses it for the same thing as EP001", run.Error, StringComparison.Ordinal);
        Assert.Contains("asked about the ExternalProcessor at line 2: Envoy 1.40.0 refuses it for the same thing as EP001", run.Error, StringComparison.Ordinal);
        Assert.Contains("asked about the ExternalProcessor at line 5: Envoy 1.40.0 accepts it", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_very_many_filters_it_is_said_which_are_not_asked_about()
    {
        string filters = string.Concat(Enumerable.Range(0, 22).Select(at => $"- name: f{at}\n  typed_config: {{{Typed}, {Service}, {Mode}}}\n"));
        Run run = Asked($"{filters}- {Router}\n");
        Assert.Equal(20, run.Error.Split("asked about the ExternalProcessor at line ").Length - 1);
        Assert.Contains("not asked about 2 more by themselves, from line 42 on: of one document at most 20 are; split it to have all of them asked about", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_documents_each_is_asked_about_and_what_cannot_be_is_said()
    {
        Run run = Asked($"{Typed}\n{Service}\n---\nkind: Pod\n---\n{Typed}\n{Service}\n{Mode}\n---\na: [ # ext_proc\n");
        Assert.Contains("asked about document 1: Envoy 1.40.0 accepts it", run.Error, StringComparison.Ordinal);
        Assert.Contains("asked about document 3: Envoy 1.40.0 refuses it for the same thing as EP001", run.Error, StringComparison.Ordinal);
        Assert.Contains("not asked about document 4: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("document 2", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: b\n", "not asked about the file: there is nothing of ext_proc in it")]
    [InlineData("apiVersion: cilium.io/v2\nkind: CiliumEnvoyConfig\nspec: {resources: [{" + Typed + "," + Service + "}]}\n", "not asked about the file: Envoy does not read this kind by itself")]
    public void What_was_not_asked_is_no_agreement(string text, string said)
    {
        Run run = Asked(text);
        Assert.EndsWith($": {said}\nnothing in 1 file was compared with Envoy 1.40.0\n", run.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Clean, run.ExitCode);
    }

    /// <summary>A refusal of something else leaves open whether our error is right.</summary>
    [Fact]
    public void A_refusal_for_another_reason_is_not_counted()
    {
        Run run = Asked($"""
            static_resources:
              clusters: [{"{"}name: ""{"}"}]
              listeners:
              - name: http
                address: {"{"}socket_address: {"{"}address: 127.0.0.1, port_value: 1{"}}"}
                filter_chains:
                - filters:
                  - name: http
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: a
                      route_config: {"{"}virtual_hosts: []{"}"}
                      http_filters:
                      - name: a
                        typed_config:
                          {Typed}
                          {Service}
                          {Mode}
                      - {Router}

            """);
        Assert.Contains("refuses it for something that is not judged here, and looks no further", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("nothing in 1 file was compared with Envoy 1.40.0\n", run.Error, StringComparison.Ordinal);
    }

    private Run Asked(string text) => Run.Of("lint", "--no-config", "--envoy", Binary, folder.Write(text.StartsWith("{\"", StringComparison.Ordinal) ? "a.json" : "a.yaml", text));
}
