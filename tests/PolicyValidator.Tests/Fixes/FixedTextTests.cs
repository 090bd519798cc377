using PolicyValidator.Fixes;
using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Fixes;

/// <summary>What a fix leaves as it was. The text in each case is a route's overrides; what stands between the marks is added or replaced.</summary>
public sealed class FixedTextTests
{
    private const string Head = "\"@type\": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute\n";

    public static TheoryData<string, string> SafeYaml => new()
    {
        // Absent: behind the body mode, in its indent, behind its comment.
        { "overrides:\n  processing_mode:\n    request_body_mode: FULL_DUPLEX_STREAMED # why\n    # next\n    response_header_mode: SKIP\n",
          "overrides:\n  processing_mode:\n    request_body_mode: FULL_DUPLEX_STREAMED # why\n    request_trailer_mode: SEND\n    # next\n    response_header_mode: SKIP\n" },
        // Both directions.
        { "overrides:\n    processing_mode:\n        request_body_mode: FULL_DUPLEX_STREAMED\n        response_body_mode: FULL_DUPLEX_STREAMED\n",
          "overrides:\n    processing_mode:\n        request_body_mode: FULL_DUPLEX_STREAMED\n        request_trailer_mode: SEND\n        response_body_mode: FULL_DUPLEX_STREAMED\n        response_trailer_mode: SEND\n" },
        // DEFAULT in its spellings; quotes and comments stay.
        { "overrides:\n  processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: DEFAULT}\n",
          "overrides:\n  processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND}\n" },
        { "overrides:\n  processing_mode:\n    request_trailer_mode: 'default' # as it is\n    request_body_mode: full_duplex_streamed\n",
          "overrides:\n  processing_mode:\n    request_trailer_mode: 'SEND' # as it is\n    request_body_mode: full_duplex_streamed\n" },
        { "overrides:\n  processing_mode:\n    request_trailer_mode: 0\n    request_body_mode: 4\n",
          "overrides:\n  processing_mode:\n    request_trailer_mode: SEND\n    request_body_mode: 4\n" },
        // null in its spellings is absent too.
        { "overrides:\n  processing_mode:\n    request_trailer_mode:\n    request_body_mode: FULL_DUPLEX_STREAMED\n",
          "overrides:\n  processing_mode:\n    request_trailer_mode: SEND\n    request_body_mode: FULL_DUPLEX_STREAMED\n" },
        { "overrides:\n  processing_mode:\n    request_trailer_mode: # nothing yet\n    request_body_mode: FULL_DUPLEX_STREAMED\n",
          "overrides:\n  processing_mode:\n    request_trailer_mode: SEND # nothing yet\n    request_body_mode: FULL_DUPLEX_STREAMED\n" },
        { "overrides:\n  processing_mode:\n    request_trailer_mode: ~\n    request_body_mode: FULL_DUPLEX_STREAMED\n",
          "overrides:\n  processing_mode:\n    request_trailer_mode: SEND\n    request_body_mode: FULL_DUPLEX_STREAMED\n" },
        // Flow mappings of one line and of many; keys in the sibling's quotes and letters.
        { "overrides: {processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED}}\n",
          "overrides: {processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND}}\n" },
        { "overrides: {\"processingMode\":{\"requestBodyMode\":\"FULL_DUPLEX_STREAMED\"}}\n",
          "overrides: {\"processingMode\":{\"requestBodyMode\":\"FULL_DUPLEX_STREAMED\",\"requestTrailerMode\":\"SEND\"}}\n" },
        { "overrides:\n  processing_mode: {\n    request_body_mode: FULL_DUPLEX_STREAMED # why\n  }\n",
          "overrides:\n  processing_mode: {\n    request_body_mode: FULL_DUPLEX_STREAMED, # why\n    request_trailer_mode: SEND\n  }\n" },
        { "overrides:\n  processing_mode: {\n    request_body_mode: FULL_DUPLEX_STREAMED, # why\n    request_header_mode: SEND\n  }\n",
          "overrides:\n  processing_mode: {\n    request_body_mode: FULL_DUPLEX_STREAMED, # why\n    request_trailer_mode: SEND,\n    request_header_mode: SEND\n  }\n" },
        { "overrides:\n  processingMode:\n    'requestBodyMode':   \"FULL_DUPLEX_STREAMED\"\n",
          "overrides:\n  processingMode:\n    'requestBodyMode':   \"FULL_DUPLEX_STREAMED\"\n    'requestTrailerMode':   \"SEND\"\n" },
        // Windows line ends, and no line end at the end.
        { "overrides:\r\n  processing_mode:\r\n    request_body_mode: FULL_DUPLEX_STREAMED\r\n    request_header_mode: SEND\r\n",
          "overrides:\r\n  processing_mode:\r\n    request_body_mode: FULL_DUPLEX_STREAMED\r\n    request_trailer_mode: SEND\r\n    request_header_mode: SEND\r\n" },
        { "overrides:\n  processing_mode:\n    request_body_mode: FULL_DUPLEX_STREAMED",
          "overrides:\n  processing_mode:\n    request_body_mode: FULL_DUPLEX_STREAMED\n    request_trailer_mode: SEND" },
        { "overrides:\r\n  processing_mode:\r\n    request_body_mode: FULL_DUPLEX_STREAMED",
          "overrides:\r\n  processing_mode:\r\n    request_body_mode: FULL_DUPLEX_STREAMED\r\n    request_trailer_mode: SEND" },
        // A value of several lines: in front of it.
        { "overrides:\n  processing_mode:\n    request_body_mode: >-\n      FULL_DUPLEX_STREAMED\n    request_header_mode: SEND\n",
          "overrides:\n  processing_mode:\n    request_trailer_mode: SEND\n    request_body_mode: >-\n      FULL_DUPLEX_STREAMED\n    request_header_mode: SEND\n" },
        // Anchors and aliases.
        { "overrides:\n  processing_mode: &mode\n    request_body_mode: &fd FULL_DUPLEX_STREAMED\n    response_body_mode: *fd\n    response_trailer_mode: SEND\n",
          "overrides:\n  processing_mode: &mode\n    request_body_mode: &fd FULL_DUPLEX_STREAMED\n    request_trailer_mode: SEND\n    response_body_mode: *fd\n    response_trailer_mode: SEND\n" },
        { "overrides:\n  processing_mode:\n    request_header_mode: &d DEFAULT\n    request_body_mode: FULL_DUPLEX_STREAMED\n    request_trailer_mode: *d # as above\n",
          "overrides:\n  processing_mode:\n    request_header_mode: &d DEFAULT\n    request_body_mode: FULL_DUPLEX_STREAMED\n    request_trailer_mode: SEND # as above\n" },
        { "overrides:\n  processing_mode:\n    request_body_mode: FULL_DUPLEX_STREAMED\n    request_trailer_mode: &d DEFAULT\n    response_trailer_mode: *d\n    response_header_mode: *d\n",
          "overrides:\n  processing_mode:\n    request_body_mode: FULL_DUPLEX_STREAMED\n    request_trailer_mode: SEND\n    response_trailer_mode: &d DEFAULT\n    response_header_mode: *d\n" },
        { "overrides:\n  processing_mode:\n    request_trailer_mode: &d DEFAULT\n    request_body_mode: FULL_DUPLEX_STREAMED\n",
          "overrides:\n  processing_mode:\n    request_trailer_mode: &d SEND\n    request_body_mode: FULL_DUPLEX_STREAMED\n" },
        { "overrides:\n  processing_mode:\n    request_trailer_mode: &d\n    request_body_mode: FULL_DUPLEX_STREAMED\n",
          "overrides:\n  processing_mode:\n    request_trailer_mode: &d SEND\n    request_body_mode: FULL_DUPLEX_STREAMED\n" },
        { "overrides:\n  processing_mode:\n    request_trailer_mode: !!str DEFAULT\n    request_body_mode: !!str FULL_DUPLEX_STREAMED\n",
          "overrides:\n  processing_mode:\n    request_trailer_mode: !!str SEND\n    request_body_mode: !!str FULL_DUPLEX_STREAMED\n" },
        // Letters outside the basic plane before the place.
        { "# \U0001F600\noverrides: # \U0001F600\n  processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED} # \U0001F600\n",
          "# \U0001F600\noverrides: # \U0001F600\n  processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: SEND} # \U0001F600\n" },
        // The body mode behind a dash is not possible here, but a mapping in a list of one is.
        { "overrides:\n  processing_mode:\n    request_header_mode: SEND\n\n    request_body_mode:    FULL_DUPLEX_STREAMED   \n\n",
          "overrides:\n  processing_mode:\n    request_header_mode: SEND\n\n    request_body_mode:    FULL_DUPLEX_STREAMED   \n    request_trailer_mode:    SEND\n\n" },
    };

    public static TheoryData<string, string> SafeJson => new()
    {
        { """{"@type": "T", "overrides": {"processingMode": {"requestBodyMode": "FULL_DUPLEX_STREAMED"}}}""",
          """{"@type": "T", "overrides": {"processingMode": {"requestBodyMode": "FULL_DUPLEX_STREAMED", "requestTrailerMode": "SEND"}}}""" },
        { """{"@type":"T","overrides":{"processing_mode":{"request_trailer_mode":0,"request_body_mode":4}}}""",
          """{"@type":"T","overrides":{"processing_mode":{"request_trailer_mode":"SEND","request_body_mode":4}}}""" },
        { "{\n  \"@type\": \"T\",\n  \"overrides\": {\n    \"processing_mode\": {\n      \"request_body_mode\": 4,\n      \"request_header_mode\": \"SEND\"\n    }\n  }\n}\n",
          "{\n  \"@type\": \"T\",\n  \"overrides\": {\n    \"processing_mode\": {\n      \"request_body_mode\": 4,\n      \"request_trailer_mode\": \"SEND\",\n      \"request_header_mode\": \"SEND\"\n    }\n  }\n}\n" },
        { "{\r\n  \"@type\": \"T\",\r\n  \"overrides\": {\r\n    \"processing_mode\": {\r\n      \"request_body_mode\": 4\r\n    }\r\n  }\r\n}",
          "{\r\n  \"@type\": \"T\",\r\n  \"overrides\": {\r\n    \"processing_mode\": {\r\n      \"request_body_mode\": 4,\r\n      \"request_trailer_mode\": \"SEND\"\r\n    }\r\n  }\r\n}" },
        { """{"@type": "T", "overrides": {"processing_mode": {"request_trailer_mode": null, "request_body_mode": "FULL_DUPLEX_STREAMED"}}}""",
          """{"@type": "T", "overrides": {"processing_mode": {"request_trailer_mode": "SEND", "request_body_mode": "FULL_DUPLEX_STREAMED"}}}""" },
    };

    [Theory, MemberData(nameof(SafeYaml))]
    public void Yaml_keeps_all_that_the_fix_is_not_about(string before, string after) => AssertFixed(Head + before, Head + after, unsafeToo: false);

    [Theory, MemberData(nameof(SafeJson))]
    public void Json_keeps_all_that_the_fix_is_not_about(string before, string after) =>
        AssertFixed(WithType(before), WithType(after), unsafeToo: false);

    [Fact]
    public void An_explicit_skip_is_a_choice()
    {
        string before = Head + "overrides:\n  processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED, request_trailer_mode: \"SKIP\"}\n";
        Assert.Equal(before, Fixed(before, unsafeToo: false));
        AssertFixed(before, before.Replace("SKIP", "SEND", StringComparison.Ordinal), unsafeToo: true);
    }

    private static void AssertFixed(string before, string after, bool unsafeToo)
    {
        Assert.Equal(after, Fixed(before, unsafeToo));
        Assert.Equal(after, Fixed(after, unsafeToo: true));
    }

    private static string WithType(string json) =>
        json.Replace("\"T\"", "\"type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExtProcPerRoute\"", StringComparison.Ordinal);

    private static string Fixed(string text, bool unsafeToo) =>
        FixApplier.Apply(new SourceText("policy.yaml", text), source => Linter.Lint([source], Target.Newest, new LintOptions()), unsafeToo).Source.Text;
}
