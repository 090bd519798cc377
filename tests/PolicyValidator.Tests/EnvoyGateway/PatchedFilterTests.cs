using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.EnvoyGateway;

/// <summary>A body mode that a patch sets is judged alike, however the patch names the filter.</summary>
public sealed class PatchedFilterTests
{
    private const string Name = "envoy.filters.http.ext_proc/envoyextensionpolicy/demo/picker/extproc/0";
    private const string Place = "path: /default_filter_chain/filters/0/typed_config/http_filters/0/typed_config/processing_mode";
    private const string Mode = ".typed_config.processing_mode\", path: ";

    public static TheoryData<string> Ways { get; } =
    [
        Place + "/",
        "jsonPath: \"..http_filters[?match(@.name, '.*extproc/0.*')]" + Mode + "/",
        "jsonPath: \"..http_filters[?(@.name =~ '.*extproc/0.*')]" + Mode + "/",
        "jsonPath: \"..http_filters[?search(@.name, 'extproc')]" + Mode + "/",
        "jsonPath: \"..http_filters[?(@.name == '" + Name + "')]" + Mode + "/",
        "jsonPath: \"..http_filters[?@.name == \\\"" + Name + "\\\"]" + Mode,
        "jsonPath: \"..http_filters[?(@.name != 'envoy.filters.http.router')]" + Mode + "/",
        "jsonPath: \"..http_filters[0]" + Mode + "/",
        "jsonPath: \"..http_filters[-2]" + Mode + "/",
        "jsonPath: \"..http_filters[0,1]" + Mode + "/",
        "jsonPath: \"..http_filters[0:2]" + Mode + "/",
        "jsonPath: \"..http_filters[*]" + Mode + "/",
        "jsonPath: \"$.default_filter_chain.filters[0].typed_config.http_filters[?(@.typed_config['@type'] =~ 'ext_proc')]" + Mode + "/",
        "jsonPath: \"$.filter_chains[*].filters[?(@.name == 'envoy.filters.network.http_connection_manager')].typed_config['http_filters'][0]" + Mode + "/",
        "jsonPath: \"..http_filters.*" + Mode + "/",
        "jsonPath: \"..processing_mode\", path: /",
    ];

    [Theory, MemberData(nameof(Ways))]
    public void A_full_duplex_body_without_trailers_is_an_error(string way) =>
        Assert.Equal(["EP056 12"], Found(Patches((way, "request_body_mode", "FULL_DUPLEX_STREAMED"))));

    [Theory, MemberData(nameof(Ways))]
    public void A_full_duplex_body_with_trailers_is_none(string way) =>
        Assert.Equal([], Found(Patches((way, "request_body_mode", "FULL_DUPLEX_STREAMED"), (way, "request_trailer_mode", "SEND"))));

    [Theory, MemberData(nameof(Ways))]
    public void So_it_is_beside_any_policy_of_another_gateway(string way) =>
        Assert.Equal(["EP056 12"], Found(Patches((way, "request_body_mode", "FULL_DUPLEX_STREAMED")) + Policy("other", "Gateway", "elsewhere", "FullDuplexStreamed")));

    [Theory, MemberData(nameof(Ways))]
    public void And_beside_one_of_a_route_that_is_not_here(string way) =>
        Assert.Equal(["EP056 12"], Found(Patches((way, "request_body_mode", "FULL_DUPLEX_STREAMED")) + Policy("other", "HTTPRoute", "unknown", "FullDuplexStreamed")));

    [Theory, MemberData(nameof(Ways))]
    public void A_filter_that_has_its_trailers_already_needs_no_patch_of_them(string way) =>
        Assert.Equal([], Found(Patches((way, "request_body_mode", "FULL_DUPLEX_STREAMED")) + Policy("picker", "Gateway", "edge", "FullDuplexStreamed")));

    [Theory, MemberData(nameof(Ways))]
    public void Trailers_that_a_patch_takes_from_a_full_duplex_body_are_an_error(string way) =>
        Assert.Equal(["EP056 12"], Found(Patches((way, "request_trailer_mode", "SKIP")) + Policy("picker", "Gateway", "edge", "FullDuplexStreamed")));

    [Fact]
    public void A_whole_processing_mode_is_judged_like_its_fields()
    {
        const string filter = "jsonPath: \"..http_filters[?match(@.name, '.*extproc/0')].typed_config\", path: /";
        Assert.Equal(["EP056 12"], Found(Patches((filter, "processing_mode", "{request_body_mode: FULL_DUPLEX_STREAMED}"))));
        Assert.Equal([], Found(Patches((filter, "processing_mode", "{request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND}"))));
    }

    [Theory]
    [InlineData("jsonPath: \"..http_filters[?(@.name == 'a')]" + Mode, "jsonPath: \"..http_filters[?(@.name =~ 'b')]" + Mode)]
    [InlineData("jsonPath: \"..http_filters[?match(@.name, 'a')]" + Mode, Place + "/")]
    public void Whether_two_patches_meet_can_be_unknown_which_is_a_hint(string body, string trailers) =>
        Assert.Equal(["EP270 12"], Found(Patches((body, "request_body_mode", "FULL_DUPLEX_STREAMED"), (trailers, "request_trailer_mode", "SEND"))));

    [Fact]
    public void Two_places_are_two_filters() =>
        Assert.Equal(["EP056 12"], Found(Patches((Place + "/", "request_body_mode", "FULL_DUPLEX_STREAMED"), (Place.Replace("http_filters/0", "http_filters/1", StringComparison.Ordinal) + "/", "request_trailer_mode", "SEND"))));

    [Theory]
    [InlineData("$")]
    [InlineData("..http_filters[")]
    [InlineData("..http_filters[(@.length-1)].typed_config")]
    [InlineData("..http_filters[0].typed_config.@type")]
    [InlineData("/default_filter_chain")]
    public void A_path_that_Envoy_Gateway_cannot_read_is_an_error(string path) =>
        Assert.Equal(["EP073 11"], Found(Patches(($"jsonPath: \"{path}\", path: /", "request_body_mode", "FULL_DUPLEX_STREAMED"))));

    [Fact]
    public void A_pattern_that_is_not_understood_here_is_a_hint() =>
        Assert.Equal(["EP270 11"], Found(Patches(("jsonPath: \"..http_filters[?match('a', '[[:alpha:]]')]" + Mode, "request_body_mode", "FULL_DUPLEX_STREAMED"))));

    [Fact]
    public void Patches_of_other_filters_and_fields_are_left_alone() => Assert.Equal([], Found(Patches(
        ("jsonPath: \"..http_filters[?(@.name == '" + Name + "')].typed_config.grpc_service.envoy_grpc\", path: /", "authority", "processor.example.com"),
        ("jsonPath: \"..http_filters[?match(@.name, 'envoy.filters.http.oauth2.*')].typed_config.config\", path: ", "forward_bearer_token", "true"))));

    private static string Patches(params (string Way, string Field, string Value)[] patches) => $$"""
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyPatchPolicy
        metadata: {name: a, namespace: demo}
        spec:
          targetRef: {group: gateway.networking.k8s.io, kind: Gateway, name: edge}
          type: JSONPatch
          jsonPatches:
        {{string.Concat(patches.Select(Patch))}}
        """;

    private static string Patch((string Way, string Field, string Value) patch) => $$"""
          - type: "type.googleapis.com/envoy.config.listener.v3.Listener"
            name: demo/edge/http
            operation: {op: add,
              {{patch.Way}}{{patch.Field}},
              value: {{patch.Value}} }

        """;

    private static string Policy(string name, string kind, string target, string body) => $$"""

        ---
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyExtensionPolicy
        metadata: {name: {{name}}, namespace: demo}
        spec:
          targetRefs: [{group: gateway.networking.k8s.io, kind: {{kind}}, name: {{target}}}]
          extProc:
          - backendRefs: [{name: processor, port: 9002}]
            processingMode: {request: {body: {{body}} } }
        """;

    private static IEnumerable<string> Found(string text)
    {
        SourceText source = new("patches.yaml", text);
        return Linter.Lint([source], Target.Parse("eg=1.9")!, new LintOptions()).Findings.Select(finding => $"{finding.Rule.Id} {source.PositionAt(finding.Span.Start).Line}");
    }
}
