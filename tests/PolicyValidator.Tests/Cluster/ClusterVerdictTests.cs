using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Cluster;

/// <summary>A real API server, with the published definitions, and we are asked about the same objects.</summary>
[Trait("Run", "cluster")]
public sealed class ClusterVerdictTests
{
    private const int PolicyCount = 300;
    private const int ObjectCount = 40;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly string[] OfDefinitions = ["EP020", "EP051", "EP052", "EP053"];

    [Theory]
    [InlineData("1.4.1")]
    [InlineData("1.4.3")]
    [InlineData("1.9.1")]
    public Task Random_policies_get_the_verdict_of_the_API_server(string release) => InClusterAsync(
        Definition.All.Single(each => each.Kind == "EnvoyExtensionPolicy" && each.Release == release),
        async (api, definition) =>
        {
            PolicyGenerator generator = new(new Random(ProductVersion.Parse(release).GetHashCode() % 1000));
            List<string> disagreements = [];
            int refusedCount = 0;
            foreach (string policy in Enumerable.Range(0, PolicyCount).Select(_ => generator.Next()))
            {
                string? refused = await api.RefusesAsync(definition.ResourcePath, definition.InTestGroup(policy));
                Finding[] ours = [.. Lint(policy, $"eg={release}").Where(finding => OfDefinitions.Contains(finding.Rule.Id))];
                refusedCount += refused is null ? 0 : 1;
                if (refused is null != (ours.Length == 0))
                {
                    disagreements.Add($"the API server: {refused ?? "accepted"}\nwe: {(ours.Length == 0 ? "nothing" : ours[0].Message)}\n{policy}");
                }
            }

            Assert.True(disagreements.Count == 0, $"{disagreements.Count} disagreements of {PolicyCount}\n{string.Join('\n', disagreements.Take(8))}");
            Assert.InRange(refusedCount, PolicyCount / 5, PolicyCount * 4 / 5);
        });

    [Fact]
    public async Task What_the_API_server_accepts_of_other_kinds_gets_no_error()
    {
        foreach (Definition definition in Definition.All.Where(each => each.Kind != "EnvoyExtensionPolicy"))
        {
            await AcceptedGetsNoErrorAsync(definition);
        }
    }

    private static Task AcceptedGetsNoErrorAsync(Definition asked) => InClusterAsync(
        asked,
        async (api, definition) =>
        {
            ObjectGenerator generator = new(new Random(1));
            foreach (string text in Enumerable.Range(0, ObjectCount).Select(_ => generator.Next(definition)))
            {
                Finding[] errors = [.. Lint(text, "envoy=1.40").Where(finding => finding.Severity == Severity.Error)];
                if (errors.Length > 0)
                {
                    string? refused = await api.RefusesAsync(definition.ResourcePath, definition.InTestGroup(text));
                    Assert.True(refused is not null, $"accepted, but we say {errors[0].Message}\n{text}");
                }
            }
        });

    private static IReadOnlyList<Finding> Lint(string text, string target) =>
        Linter.Lint([new SourceText("policy.yaml", text)], Target.Parse(target)!, new LintOptions()).Findings;

    private static async Task InClusterAsync(Definition definition, Func<KubernetesApi, Definition, Task> ask)
    {
        using KubernetesApi api = KubernetesApi.FromEnvironment();
        await definition.InstallAsync(api);
        try
        {
            await ask(api, definition).WaitAsync(Patience);
        }
        finally
        {
            await definition.RemoveAsync(api);
        }
    }
}
