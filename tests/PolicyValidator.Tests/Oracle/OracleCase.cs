using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tests.Shared;

namespace PolicyValidator.Tests.Oracle;

/// <summary>A config and what real Envoy binaries said of it.</summary>
internal sealed record OracleCase(string Id, string[] Rules, string Place, string Format, string Config, IReadOnlyDictionary<string, bool> Accepted)
{
    public static string[] Versions { get; } = ["1.36.4", "1.37.0", "1.38.3", "1.39.3", "1.40.0"];

    public static OracleCase[] All { get; } = [.. Read("config-cases.jsonl.gz"), .. Read("grid.jsonl.gz"), .. Read("found-cases.jsonl.gz")];

    public override string ToString() => Id;

    /// <summary>The whole file, as Envoy was given it.</summary>
    public string WholeFile() => Place == "bootstrap" ? Config : Skeleton.Around(Place, Format, Config);

    private static IEnumerable<OracleCase> Read(string file)
    {
        string path = Repository.PathOf("tests", "PolicyValidator.Tests", "Oracle", "Data", file);
        if (!File.Exists(path))
        {
            yield break;
        }

        using StreamReader lines = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress), Encoding.UTF8);
        while (lines.ReadLine() is { } line)
        {
            JsonNode node = JsonNode.Parse(line)!;
            yield return new(
                (string)node["id"]!,
                node["rules"]?.Deserialize<string[]>() ?? [],
                (string)node["place"]!,
                (string)node["format"]!,
                (string)node["config"]!,
                node["verdicts"]!.AsObject().ToDictionary(verdict => verdict.Key, verdict => (bool)verdict.Value!["ok"]!));
        }
    }
}
