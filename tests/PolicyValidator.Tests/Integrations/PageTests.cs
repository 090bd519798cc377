using System.Text.RegularExpressions;
using PolicyValidator.Tests.Cli;
using Tests.Shared;
using YamlDotNet.RepresentationModel;

namespace PolicyValidator.Tests.Integrations;

/// <summary>Runs the commands of the pages about integrations, in a folder that looks like a user's.</summary>
[Trait("Run", "integrations")]
public sealed partial class PageTests : IDisposable
{
    private const string Policy = """
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: EnvoyExtensionPolicy
        metadata: {name: ai, namespace: default}
        spec:
          targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: ai}]
          extProc:
          - backendRefs: [{name: processor, port: 9002}]
            processingMode: {request: {body: Streamed}}

        """;

    private readonly TempFolder folder = new();

    /// <summary>Programs that the pages name and that need a cluster or a chart: here each prints the policy.</summary>
    private static readonly string[] Renderers = ["kustomize", "helm", "flux", "kubectl"];

    public static TheoryData<string> Pages { get; } =
        new(Directory.GetFiles(Repository.PathOf("docs", "integrations"), "*.md").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

    public PageTests()
    {
        folder.Write("policies/ai.yaml", Policy);
        foreach (string program in Renderers)
        {
            string path = folder.Write($"bin/{program}", $"#!/bin/sh\ncat '{folder.Path}/policies/ai.yaml'\necho ---\n");
            ForeignTool.Run("chmod", "+x", path);
        }
    }

    public void Dispose() => folder.Dispose();

    [Theory, MemberData(nameof(Pages))]
    public void Commands_run_as_they_stand(string page) => Assert.All(Blocks(page, "sh"), Succeeds);

    [Theory, MemberData(nameof(Pages))]
    public void Pipelines_are_YAML_and_their_steps_run(string page) => Assert.All(Blocks(page, "yaml"), text =>
    {
        YamlMappingNode root = Read(text);
        if (text.StartsWith("# .gitlab-ci.yml", StringComparison.Ordinal))
        {
            Succeeds(string.Join('\n', ((YamlSequenceNode)root["policy-validator"]["script"]).Select(line => line.ToString())));
            Assert.True(File.Exists(Path.Combine(folder.Path, "gl-code-quality-report.json")) && File.Exists(Path.Combine(folder.Path, "junit.xml")));
        }
        else if (text.StartsWith("# azure-pipelines.yml", StringComparison.Ordinal))
        {
            Succeeds(string.Join('\n', ((YamlSequenceNode)root["steps"]).Cast<YamlMappingNode>().Where(step => step.Children.ContainsKey("script")).Select(step => step["script"].ToString())));
            Assert.True(File.Exists(Path.Combine(folder.Path, "policies.sarif")) && File.Exists(Path.Combine(folder.Path, "policies.xml")));
        }
        else if (text.Contains(".policy-validator.yaml", StringComparison.Ordinal) || text.Contains("policy-validator.schema.json", StringComparison.Ordinal))
        {
            Assert.Equal(0, Cli.Run.Of("lint", folder.Path, "--config", folder.Write("config.yaml", text)).ExitCode);
        }
    });

    [Fact]
    public void The_action_and_its_workflow_are_ones_that_GitHub_takes()
    {
        string workflow = Blocks("github.md", "yaml").Single();
        string path = folder.Write(".github/workflows/policies.yml", workflow), broken = folder.Write(".github/workflows/broken.yml", workflow.Replace("runs-on", "runs-at", StringComparison.Ordinal));
        string validator = Path.Combine(ForeignTool.Packages, ".bin", "action-validator");
        Assert.NotEqual(0, ForeignTool.Run(validator, broken).ExitCode);
        Assert.Equal((0, ""), Outcome(ForeignTool.Run(validator, path)));
        string action = folder.Write("action.yml", File.ReadAllText(Repository.PathOf("action.yml")));
        string brokenAction = folder.Write("b/action.yml", File.ReadAllText(action).Replace("using: composite", "using: nothing", StringComparison.Ordinal));
        Assert.NotEqual(0, ForeignTool.Run(validator, brokenAction).ExitCode);
        Assert.Equal((0, ""), Outcome(ForeignTool.Run(validator, action)));
    }

    [Theory]
    [InlineData("policies\n\n", "", 0)]
    [InlineData("policies\nbad file.yaml\n", "--target eg=1.4.1", 1)]
    [InlineData("missing.yaml", "", 2)]
    public void The_step_of_the_action_reports_and_exits_as_the_program(string paths, string flags, int code)
    {
        folder.Write("bad file.yaml", Policy.Replace("Streamed", "FullDuplexStreamed", StringComparison.Ordinal));
        YamlMappingNode step = Read(File.ReadAllText(Repository.PathOf("action.yml")))["runs"]["steps"].Steps().Single(step => step.Children.TryGetValue("id", out YamlNode? id) && id.ToString() == "lint");
        File.CreateSymbolicLink(Path.Combine(folder.Path, "policy-validator"), ProgramFolder);
        ForeignTool run = Bash(step["run"].ToString(), new() { ["PATHS"] = paths, ["FLAGS"] = flags, ["SARIF"] = "out.sarif", ["RUNNER_TEMP"] = folder.Path, ["GITHUB_OUTPUT"] = Path.Combine(folder.Path, "output") });
        Assert.Equal(code, run.ExitCode);
        Assert.Equal($"exit-code={code}\n", File.ReadAllText(Path.Combine(folder.Path, "output")));
        Assert.Equal(code == 1, run.Output.Contains("::error file=", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(folder.Path, "out.sarif")));
    }

    private static string ProgramFolder { get; } = Repository.PathOf("artifacts", "bin", "PolicyValidator", new DirectoryInfo(AppContext.BaseDirectory).Name);

    private void Succeeds(string script) => Assert.Equal((0, script), (Bash(script, []) is var run && run.ExitCode == 0 ? 0 : run.ExitCode, run.ExitCode == 0 ? script : run.Output));

    private ForeignTool Bash(string script, Dictionary<string, string> variables)
    {
        variables["PATH"] = $"{ProgramFolder}:{Path.Combine(folder.Path, "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        return ForeignTool.Run("bash", ["-euo", "pipefail", "-c", script], folder.Path, variables);
    }

    private static (int ExitCode, string Output) Outcome(ForeignTool tool) => (tool.ExitCode, tool.ExitCode == 0 ? "" : tool.Output);

    private static YamlMappingNode Read(string text)
    {
        YamlStream yaml = [];
        yaml.Load(new StringReader(text));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    private static IEnumerable<string> Blocks(string page, string language) => Block()
        .Matches(File.ReadAllText(Repository.PathOf("docs", "integrations", page)))
        .Where(match => match.Groups["language"].Value == language)
        .Select(match => match.Groups["text"].Value);

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<text>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Block();
}

internal static class Sequences
{
    /// <summary>The items of a list of mappings.</summary>
    public static IEnumerable<YamlMappingNode> Steps(this YamlNode node) => ((YamlSequenceNode)node).Cast<YamlMappingNode>();
}
