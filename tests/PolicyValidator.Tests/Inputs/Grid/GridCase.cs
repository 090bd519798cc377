using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tests.Shared;

namespace PolicyValidator.Tests.Inputs.Grid;

/// <summary>A piece and what real readers read of it.</summary>
/// <param name="Text">The piece.</param>
/// <param name="Readings">By reader, <c>kubectl</c> or a version of Envoy, what <see cref="PieceJson"/> makes of it; null when it refuses the file.</param>
internal sealed record GridCase(GridText Text, IReadOnlyDictionary<string, string?> Readings)
{
    public const string Kubectl = "kubectl";

    private static readonly Lock Writing = new();
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string FilePath => Repository.PathOf("tests", "PolicyValidator.Tests", "Inputs", "Data", "grid.jsonl.gz");

    public static IReadOnlyList<GridCase> All { get; } = File.Exists(FilePath) ? [.. Read()] : [];

    /// <summary>Keeps what readers read, beside what others read before.</summary>
    public static void Record(string reader, IReadOnlyDictionary<GridText, string?> readings)
    {
        lock (Writing)
        {
            Dictionary<GridText, GridCase> known = File.Exists(FilePath) ? Read().ToDictionary(each => each.Text) : [];
            Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
            using StreamWriter lines = new(new GZipStream(File.Create(FilePath), CompressionLevel.SmallestSize), new UTF8Encoding(false));
            foreach ((GridText text, string? reading) in readings)
            {
                Dictionary<string, string?> all = known.TryGetValue(text, out GridCase? before) ? new(before.Readings) : [];
                all[reader] = reading;
                lines.Write(new GridCase(text, all).Line() + "\n");
            }
        }
    }

    /// <summary>Whether a reader may read this; a version between two recorded ones reads as one of them.</summary>
    public bool MayRead(string reader, string? reading) => Readings.TryGetValue(reader, out string? recorded)
        ? recorded == reading
        : Readings.Where(each => each.Key != Kubectl).Any(each => each.Value == reading);

    private string Line() => new JsonObject
    {
        ["before"] = Text.Before,
        ["text"] = Text.Text,
        ["readings"] = new JsonObject(Readings.OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => KeyValuePair.Create(each.Key, (JsonNode?)each.Value))),
    }.ToJsonString(Plain);

    private static IEnumerable<GridCase> Read()
    {
        using StreamReader lines = new(new GZipStream(File.OpenRead(FilePath), CompressionMode.Decompress), Encoding.UTF8);
        while (lines.ReadLine() is { } line)
        {
            JsonNode node = JsonNode.Parse(line)!;
            yield return new(new((string)node["text"]!, (string)node["before"]!), node["readings"]!.AsObject().ToDictionary(each => each.Key, each => (string?)each.Value));
        }
    }
}
