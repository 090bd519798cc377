using PolicyValidator.Decoding;
using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Readers;

/// <summary>The documents inside a document: the items of a list, the files of a ConfigMap, the bootstrap of an EnvoyProxy.</summary>
internal static class DocumentParts
{
    /// <summary>All of them, each with its values placed in the text around.</summary>
    public static IEnumerable<SourceDocument> Of(SourceDocument document) => document.Root is not MappingNode root || root["apiVersion"] is null
        ? []
        : (root["apiVersion"].Text, root["kind"].Text) switch
        {
            (_, { } kind) when kind.EndsWith("List", StringComparison.Ordinal) && root["items"] is SequenceNode list => list.Items.Select(item => document with { Root = item }),
            ("v1", "ConfigMap") => Files(document, root["data"] as MappingNode),
            ({ } version, "EnvoyProxy") when version.StartsWith(EnvoyExtensionPolicyReader.Group + "/", StringComparison.Ordinal) => Bootstrap(document, (root["spec"] as MappingNode)?["bootstrap"] as MappingNode),
            _ => [],
        };

    /// <summary>Only texts that speak of ext_proc, and our server's file by its name: a ConfigMap can hold anything.</summary>
    private static IEnumerable<SourceDocument> Files(SourceDocument document, MappingNode? data) =>
        from entry in data?.Entries ?? []
        where entry.Value is ScalarNode text && (TypeUrls.SpeaksOfExtProc(text.Value) || entry.Key.Value is "extproc.yaml" or "extproc.yml")
        from inner in EmbeddedText.Read(document, (ScalarNode)entry.Value, entry.Key.Value)
        select inner;

    /// <summary>Envoy Gateway merges it into a bootstrap of its own, unless it is to replace that.</summary>
    private static IEnumerable<SourceDocument> Bootstrap(SourceDocument document, MappingNode? bootstrap) =>
        bootstrap?["value"] is ScalarNode text
            ? EmbeddedText.Read(document with { IsPart = bootstrap["type"].Text is not (null or "Replace") }, text, "bootstrap.yaml")
            : [];
}
