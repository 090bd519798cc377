using System.IO.Compression;
using System.Text.Json.Nodes;
using Tests.Shared;

namespace PolicyValidator.Tests.EnvoyGateway;

/// <summary>A policy, and what API servers, Envoy Gateways and Envoys said of it.</summary>
internal sealed record PolicyCase(string Id, string Policy, IReadOnlyDictionary<string, string> Refusals)
{
    /// <summary>Rows whose verdict an object decides that is not among the policy's own text.</summary>
    public static string[] DependOnOtherObjects { get; } = ["backend-missing-service", "backend-kind-backend", "backend-kind-serviceimport", "target-selector"];

    /// <summary>The releases in the order of time.</summary>
    public static string[] Releases { get; } = ["1.2.0", "1.3.0", "1.4.0", "1.4.1", "1.4.2", "1.4.3", "1.5.0", "1.6.3", "1.7.0", "1.8.2", "1.9.1"];

    public static PolicyCase[] All { get; } = [.. Read()];

    private static IEnumerable<PolicyCase> Read()
    {
        string path = Repository.PathOf("tests", "PolicyValidator.Tests", "EnvoyGateway", "Data", "policies.jsonl.gz");
        using StreamReader lines = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            JsonNode node = JsonNode.Parse(line)!;
            Dictionary<string, string> refusals = [];
            foreach (JsonNode? verdict in node["crd"]!.AsArray())
            {
                AddAll(refusals, verdict!, Refusal(verdict!));
            }

            foreach (JsonNode? verdict in node["translated"]!.AsArray())
            {
                AddAll(refusals, verdict!, (string?)verdict!["refused"]);
                string? later = Condition(verdict!) ?? Envoy(verdict!);
                foreach (string release in verdict!["eg"]!.AsArray().SelectMany(each => LikeIt((string)each!)).Where(_ => later is not null))
                {
                    refusals.TryAdd(release, later!);
                }
            }

            yield return new((string)node["id"]!, (string)node["policy"]!, refusals);
        }
    }

    /// <summary>The releases whose translator does the same; only three were asked what they make of a policy.</summary>
    private static string[] LikeIt(string translated) => translated switch
    {
        "1.4.1" => Releases[..4],
        "1.9.1" => Releases[5..],
        _ => [translated],
    };

    private static void AddAll(Dictionary<string, string> refusals, JsonNode verdict, string? reason)
    {
        foreach (JsonNode? release in reason is null ? [] : verdict["eg"]!.AsArray())
        {
            refusals.TryAdd((string)release!, reason!);
        }
    }

    /// <summary>The API server's; an unknown field is refused for strict clients, which kubectl is.</summary>
    private static string? Refusal(JsonNode verdict) =>
        (string)verdict["verdict"]! == "reject" ? "API server" : verdict["warnings"] is JsonArray { Count: > 0 } warnings ? (string)warnings[0]! : null;

    private static string? Condition(JsonNode verdict) =>
        (string?)verdict["policy_conditions"]?.AsArray().FirstOrDefault(each => (string)each!["type"]! == "Accepted" && (string)each["status"]! == "False")?["message"];

    private static string? Envoy(JsonNode verdict) =>
        verdict["envoy"]?.AsArray().SelectMany(filter => filter!.AsArray()).FirstOrDefault(each => (string)each!["verdict"]! == "reject") is { } refused
            ? $"Envoy: {refused["message"]}"
            : null;
}
