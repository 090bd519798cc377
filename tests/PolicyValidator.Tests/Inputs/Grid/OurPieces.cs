using System.Globalization;
using PolicyValidator.Decoding;
using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;

namespace PolicyValidator.Tests.Inputs.Grid;

/// <summary>What we read of pieces, as <see cref="PieceJson"/> writes it; null where we refuse the file.</summary>
internal static class OurPieces
{
    /// <param name="text">The piece.</param>
    /// <param name="reader">Whose file it is to stand in, as <see cref="GridCase"/> names it.</param>
    public static string? Of(GridText text, string reader) => reader == GridCase.Kubectl ? OfKubernetes(text) : OfEnvoy(text, int.Parse(reader.Split('.')[1], CultureInfo.InvariantCulture));

    private static IReadOnlyList<SourceDocument> Read(string text, int envoyMinor = int.MaxValue) =>
        DocumentReader.Read(new SourceText("piece.yaml", text is ['\ufeff', ..] ? text[1..] : text), envoyMinor);

    private static string? OfEnvoy(GridText text, int minor)
    {
        IReadOnlyList<SourceDocument> documents = Read(text.EnvoyFile(1), minor);
        return documents is [{ Problems: [], Root: MappingNode root }, ..] ? InDiscoveryFile(root) : null;
    }

    private static string? OfKubernetes(GridText text)
    {
        IReadOnlyList<SourceDocument> documents = Read(text.KubernetesFile(1));
        if (documents.Any(document => document.Problems.Count > 0))
        {
            return null;
        }

        foreach (SourceDocument document in documents.Where(document => KubernetesObject.Is(document.Root)))
        {
            KubernetesObject found = KubernetesObject.Read(document);
            return found.Problems.Count > 0 ? null : Json(found.Value["data"]?["in"]?["the"]?["piece"]);
        }

        return PieceJson.NotRead;
    }

    private static string Json(KubernetesValue? value) => value?.Kind switch
    {
        null or JsonKind.Null => "null",
        JsonKind.True => "true",
        JsonKind.False => "false",
        JsonKind.Number => PieceJson.Number(value.Text),
        JsonKind.String => PieceJson.Quoted(value.Text),
        JsonKind.Array => $"[{string.Join(",", value.Items.Select(Json))}]",
        _ => $"{{{string.Join(",", value.Fields.OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => $"{PieceJson.Quoted(field.Name)}:{Json(field.Value)}"))}}}",
    };

    /// <summary>Keys that the piece adds elsewhere are refused, for they are no fields there.</summary>
    private static string? InDiscoveryFile(MappingNode root)
    {
        if (!Has(root, "version_info", "resources") || root["resources"] is not SequenceNode { Items: [MappingNode listener] } || listener["metadata"] is not MappingNode metadata
            || !Has(metadata, "filter_metadata") || metadata["filter_metadata"] is not MappingNode pieces || !Has(pieces, "piece"))
        {
            return root["resources"] is null && Has(root, "version_info") ? PieceJson.NotRead : null;
        }

        return pieces["piece"] is MappingNode piece ? Json(piece) : null;
    }

    private static bool Has(MappingNode node, params string[] keys) => node.Entries.All(entry => keys.Contains(entry.Key.Value));

    private static string? Json(Node node)
    {
        (JsonKind kind, string text) = JsonView.Of(node);
        return kind switch
        {
            JsonKind.Null => "null",
            JsonKind.True => "true",
            JsonKind.False => "false",
            JsonKind.Number => PieceJson.Number(text),
            JsonKind.String => PieceJson.Quoted(text),
            JsonKind.Array => $"[{string.Join(",", ((SequenceNode)node).Items.Select(Json))}]",
            _ => $"{{{string.Join(",", JsonView.Entries((MappingNode)node, SourceFormat.Yaml).OrderBy(JsonView.Key, StringComparer.Ordinal).Select(entry => $"{PieceJson.Quoted(JsonView.Key(entry))}:{Json(entry.Value)}"))}}}",
        };
    }
}
