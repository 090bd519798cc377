using System.Text.Json.Nodes;
using PolicyValidator.Tests.Cli;
using PolicyValidator.Tests.Configuration;
using Tests.Shared;

namespace PolicyValidator.Tests.Integrations;

/// <summary>The language server behind VS Code's YAML extension reads files with our schemas, and another validator does too.</summary>
[Trait("Run", "integrations")]
public sealed class EditorTests : IDisposable
{
    private const string Filter = """
        grpcService: {envoy_grpc: {cluster_name: processor}, timeout: 0.5s}
        processing_mode: {request_body_mode: FULL_DUPLEX_STREAMED, requestTrailerMode: SEND}
        message_timeout: 1s
        failureModeAllow: true

        """;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("external-processor", Filter, "")]
    [InlineData("external-processor", "processing_mode: {request_body_mode: FULL_DUPLEX}\n", "Value is not accepted")]
    [InlineData("external-processor", "procesing_mode: {}\n", "Property procesing_mode is not allowed")]
    [InlineData("external-processor", "message_timeout: 200ms\n", "does not match the pattern")]
    [InlineData("ext-proc-per-route", "overrides: {processing_mode: {request_body_mode: 2}}\n", "")]
    [InlineData("ext-proc-per-route", "disabled: maybe\n", "Value is not accepted")]
    [InlineData("policy-validator", "target: eg=1.4.1\nignore: [EP123]\n", "")]
    [InlineData("policy-validator", "target: eg=1.4.1\nignore: [EP999]\n", "Value is not accepted")]
    public void The_editor_marks_what_is_wrong(string schema, string text, string message)
    {
        string path = folder.Write("file.yaml", $"# yaml-language-server: $schema=file://{Repository.PathOf("docs", $"{schema}.schema.json")}\n{text}");
        ForeignTool server = ForeignTool.Run("node", [Repository.PathOf("tests", "integrations", "diagnose.js"), path], Repository.PathOf("tests", "integrations"), []);
        Assert.True(server.ExitCode == 0, server.Output);
        if (message.Length == 0)
        {
            Assert.Equal("[]\n", server.Output);
        }
        else
        {
            Assert.Contains(message, server.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Another_validator_agrees_about_configuration_files_and_takes_every_report()
    {
        JsonArray cases =
        [
            .. ConfigCases.Good.Where(text => text.Contains(':', StringComparison.Ordinal)).Select(text => Case("policy-validator", ConfigSchemaTests.Json(text), true)),
            .. ConfigCases.Bad.Select(bad => Case("policy-validator", ConfigSchemaTests.Json(bad.Text), false)),
            .. PolicyValidator.Rules.RuleCatalog.All.Select(rule => Case("policy-validator-report", JsonNode.Parse(Cli.Run.WithInput(rule.Bad, "lint", "-", "--format", "json").Output), true)),
        ];
        ForeignTool ajv = ForeignTool.Run("node", [Repository.PathOf("tests", "integrations", "validate.js"), folder.Write("cases.json", cases.ToJsonString())], Repository.PathOf("tests", "integrations"), []);
        Assert.Equal($"{cases.Count} as expected\n", ajv.Output);
    }

    private static JsonObject Case(string schema, JsonNode? value, bool fits) =>
        new() { ["schema"] = Repository.PathOf("docs", $"{schema}.schema.json"), ["value"] = value, ["fits"] = fits };
}
