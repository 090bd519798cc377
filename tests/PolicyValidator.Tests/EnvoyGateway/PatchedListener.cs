using System.Text.Json.Nodes;
using PolicyValidator.Kubernetes;

namespace PolicyValidator.Tests.EnvoyGateway;

/// <summary>
/// Makes an operation of an EnvoyPatchPolicy on a recorded listener. Envoy Gateway patches names in snake_case; the recorded text has
/// them in camelCase.
/// </summary>
internal static class PatchedListener
{
    public static void Apply(JsonNode bootstrap, ListenerPatch patch)
    {
        JsonNode listener = bootstrap["static_resources"]!["listeners"]!.AsArray().Single(each => (string)each!["name"]! == patch.Listener)!;
        JsonNode filter = HttpFilters(listener).Single(each => patch.Filter.Takes((string)each["name"]!) == true);
        string[] steps = [.. patch.Field.Split('/').Select(Camel)];
        JsonNode at = steps[..^1].Aggregate(filter["typedConfig"]!, (node, step) => node[step]!);
        Assert.Equal("add", patch.Op);
        at[steps[^1]] = patch.Value!.Text;
    }

    private static IEnumerable<JsonNode> HttpFilters(JsonNode listener) =>
        listener["defaultFilterChain"]!["filters"]!.AsArray().SelectMany(network => network!["typedConfig"]!["httpFilters"]!.AsArray())!;

    private static string Camel(string name) =>
        string.Concat(name.Split('_').Select((word, at) => at == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
