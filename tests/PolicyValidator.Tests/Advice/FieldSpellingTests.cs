using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Advice;

/// <summary>Help names the fields as the user spells them.</summary>
public sealed class FieldSpellingTests
{
    [Theory]
    [InlineData("{grpcService: {envoyGrpc: {clusterName: p} }, processingMode: {requestBodyMode: FULL_DUPLEX_STREAMED} }", "set requestTrailerMode: SEND beside it")]
    [InlineData("{grpc_service: {envoy_grpc: {cluster_name: p} }, processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED} }", "set request_trailer_mode: SEND beside it")]
    [InlineData("{grpcService: {envoyGrpc: {clusterName: p} }, observabilityMode: true}", "set failureModeAllow: true beside it")]
    [InlineData("{grpcService: {envoyGrpc: {clusterName: p}, timeout: 3s} }", "use messageTimeout, and maxMessageTimeout for what the processor may ask for")]
    [InlineData("{grpcService: {envoyGrpc: {clusterName: p} }, allowedOverrideModes: [{requestBodyMode: BUFFERED}]}", "set allowModeOverride: true beside it, or delete the list")]
    public void Help_is_in_the_spelling_that_stands_there(string filter, string help)
    {
        Finding finding = Linter.Lint([new SourceText("filter.yaml", filter)], Target.Newest, new LintOptions()).Findings[0];
        Assert.Equal(help, finding.Help);
    }
}
