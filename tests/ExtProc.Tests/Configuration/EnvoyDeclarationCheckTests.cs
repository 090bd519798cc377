namespace ExtProc.Tests.Configuration;

public class EnvoyDeclarationCheckTests
{
    [Theory]
    [InlineData("processingMode: { requestBodyMode: FULL_DUPLEX_STREAMED }", "3:38: error: envoy.processingMode.requestBodyMode: FULL_DUPLEX_STREAMED needs requestTrailerMode: SEND")]
    [InlineData("processingMode: { responseBodyMode: FULL_DUPLEX_STREAMED, responseTrailerMode: SKIP }", "3:39: error: envoy.processingMode.responseBodyMode: FULL_DUPLEX_STREAMED needs responseTrailerMode: SEND")]
    [InlineData("version: 1.32\n  processingMode: { requestBodyMode: FULL_DUPLEX_STREAMED, requestTrailerMode: SEND }", "4:38: error: envoy.processingMode.requestBodyMode: Envoy 1.32 does not know FULL_DUPLEX_STREAMED")]
    [InlineData("version: 1.35.0\n  failureModeAllow: true\n  processingMode: { requestBodyMode: FULL_DUPLEX_STREAMED, requestTrailerMode: SEND }", "5:38: error: envoy.processingMode.requestBodyMode: Envoy 1.35.0 refuses")]
    [InlineData("version: 1.36.4\n  processingMode: { requestBodyMode: GRPC }", "4:38: error: envoy.processingMode.requestBodyMode: Envoy 1.36.4 does not know GRPC")]
    [InlineData("processingMode: { requestBodyMode: GRPC }", "3:38: warning: envoy.processingMode.requestBodyMode: Envoy up to 1.40 knows the name GRPC and sends no body")]
    [InlineData("processingMode: { requestHeaderMode: SKIP, responseHeaderMode: SKIP }", "3:19: warning: envoy.processingMode: all six modes send nothing")]
    [InlineData("observabilityMode: true\n  processingMode: { responseBodyMode: BUFFERED }", "4:39: error: envoy.processingMode.responseBodyMode: with observabilityMode Envoy sends no body in BUFFERED; use STREAMED or NONE")]
    [InlineData("observabilityMode: true\n  allowModeOverride: true", "4:22: warning: envoy.allowModeOverride: has no effect with observabilityMode")]
    [InlineData("allowedOverrideModes: [{ requestBodyMode: STREAMED }]", "3:25: warning: envoy.allowedOverrideModes: has no effect without allowModeOverride: true")]
    [InlineData("allowModeOverride: true", "3:22: warning: envoy.allowModeOverride: helps only processors with onError: skip, because Envoy before 1.40 never says")]
    [InlineData("version: 1.39.3\n  allowModeOverride: true", "4:22: warning: envoy.allowModeOverride: helps only processors with onError: skip")]
    [InlineData("trustModeOverride: true", "3:22: warning: envoy.trustModeOverride: has no effect without allowModeOverride: true")]
    [InlineData("allowModeOverride: true\n  trustModeOverride: true", "4:22: warning: envoy.trustModeOverride: bodies that need an override pass unprocessed, and nobody is told, if the filter does not set")]
    [InlineData("version: 1.40\n  allowModeOverride: true\n  allowedOverrideModes: [{ responseBodyMode: FULL_DUPLEX_STREAMED }]", "5:26: warning: envoy.allowedOverrideModes[0]: an override to FULL_DUPLEX_STREAMED without responseTrailerMode: SEND")]
    [InlineData("allowModeOverride: true\n  processingMode: { requestBodyMode: FULL_DUPLEX_STREAMED, requestTrailerMode: SEND }", "3:22: warning: envoy.allowModeOverride: has no effect while a body mode is FULL_DUPLEX_STREAMED")]
    [InlineData("allowModeOverride: true\n  sendBodyWithoutWaitingForHeaderResponse: true\n  processingMode: { requestBodyMode: STREAMED }", "3:22: warning: envoy.allowModeOverride: has no effect with sendBodyWithoutWaitingForHeaderResponse")]
    [InlineData("sendBodyWithoutWaitingForHeaderResponse: true", "3:44: warning: envoy.sendBodyWithoutWaitingForHeaderResponse: has no effect unless a body mode is STREAMED")]
    [InlineData("version: 2.0", "3:12: error: envoy.version: there is no Envoy 2.0")]
    [InlineData("messageTimeout: 0s", "3:19: warning: envoy.messageTimeout: 0 makes Envoy give up")]
    [InlineData("messageTimeout: 3601s", "3:19: error: envoy.messageTimeout: 3601s is out of range; allowed is 0s to 1h")]
    [InlineData("messageTimeout: 10s\n  maxMessageTimeout: 5s", "4:22: warning: envoy.maxMessageTimeout: is shorter than messageTimeout")]
    [InlineData("mutationRules: { disallowAll: true, allowEnvoy: true }", "3:33: warning: envoy.mutationRules.disallowAll: wins over")]
    [InlineData("version: 1.37\n  allowContentLengthHeader: true", "4:29: error: envoy.allowContentLengthHeader: Envoy 1.37 does not know allow_content_length_header")]
    [InlineData("allowContentLengthHeader: true\n  processingMode: { requestBodyMode: BUFFERED }", "3:29: warning: envoy.allowContentLengthHeader: has no effect")]
    public void What_Envoy_would_refuse_is_an_error_and_what_it_would_ignore_a_warning(string section, string expected) =>
        Assert.StartsWith("extproc.yaml:" + expected, ConfigText.Problems($"# declared\nenvoy:\n  {section}"), StringComparison.Ordinal);

    [Theory]
    [InlineData("processingMode: { requestBodyMode: FULL_DUPLEX_STREAMED, requestTrailerMode: SEND, responseBodyMode: FULL_DUPLEX_STREAMED, responseTrailerMode: SEND }")]
    [InlineData("version: 1.35.1\n  failureModeAllow: true\n  processingMode: { requestBodyMode: FULL_DUPLEX_STREAMED, requestTrailerMode: SEND }")]
    [InlineData("observabilityMode: true\n  processingMode: { requestBodyMode: STREAMED }")]
    [InlineData("messageTimeout: 0.2s\n  maxMessageTimeout: 10s")]
    [InlineData("version: 1.40\n  allowModeOverride: true\n  allowedOverrideModes: [{ requestBodyMode: BUFFERED }]")]
    [InlineData("version: 1.38\n  allowContentLengthHeader: true\n  processingMode: { requestBodyMode: STREAMED }")]
    [InlineData("allowContentLengthHeader: true\n  processingMode: { requestHeaderMode: SKIP, requestBodyMode: BUFFERED }")]
    public void What_works_is_said_nothing_about(string section) => Assert.Empty(ConfigText.Problems($"envoy:\n  {section}"));
}
