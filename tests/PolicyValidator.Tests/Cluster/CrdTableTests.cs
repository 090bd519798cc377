using System.Text.Json.Nodes;
using PolicyValidator.Kubernetes;
using PolicyValidator.Rules;
using Tests.Shared;

namespace PolicyValidator.Tests.Cluster;

/// <summary>What we know of resources is what their published definitions say.</summary>
[Trait("Run", "cluster")]
public sealed class CrdTableTests
{
    [Theory]
    [InlineData("envoy-gateway", "EnvoyExtensionPolicy")]
    [InlineData("envoy-gateway", "EnvoyPatchPolicy")]
    [InlineData("istio", "EnvoyFilter")]
    public void The_table_holds_the_schemas_of_all_releases(string product, string kind) => Golden.File(
        $"src/PolicyValidator/Kubernetes/Schemas/{kind}.txt",
        CrdTableText.Of(kind, [.. Definition.All.Where(each => each.Product == product && each.Kind == kind)]));

    /// <summary>Rules are written by hand, so a definition with one more than we have must not pass unseen.</summary>
    [Fact]
    public void Each_release_has_as_many_rules_at_each_path_as_we_have()
    {
        foreach (Definition definition in Definition.All.Where(each => each.Kind == "EnvoyExtensionPolicy"))
        {
            ProductVersion release = ProductVersion.Parse(definition.Release);
            string[] ours = [.. ResourceDefinitions.All.Single(each => each.Kind == "EnvoyExtensionPolicy").Rules.Where(rule => rule.IsIn(release)).CountBy(rule => rule.Path).Select(path => $"{path.Key} {path.Value}").Order(StringComparer.Ordinal)];
            string[] theirs = [.. Rules(definition.Schema, "").CountBy(path => path).Select(path => $"{path.Key} {path.Value}").Order(StringComparer.Ordinal)];
            Assert.Equal(theirs, ours);
        }
    }

    private static IEnumerable<string> Rules(JsonNode schema, string path) =>
    [
        .. (schema["x-kubernetes-validations"]?.AsArray() ?? []).Select(_ => path),
        .. (schema["properties"]?.AsObject() ?? []).SelectMany(field => Rules(field.Value!, $"{path}.{field.Key}")),
        .. schema["items"] is { } items ? Rules(items, path + "[]") : [],
        .. schema["additionalProperties"] is JsonObject values ? Rules(values, path + "{}") : [],
    ];
}
