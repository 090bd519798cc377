using System.Text.Json.Nodes;
using PolicyValidator.Inputs;
using PolicyValidator.Tests.Cluster;
using YamlDotNet.RepresentationModel;

namespace PolicyValidator.Tests.Advice;

/// <summary>The documents of a text as values that advice can be carried out on.</summary>
internal sealed class AdvisedText
{
    private readonly JsonNode?[] documents;

    private AdvisedText(JsonNode?[] documents) => this.documents = documents;

    /// <summary>Reads a YAML text.</summary>
    public static AdvisedText Of(string yaml)
    {
        YamlStream stream = [];
        stream.Load(new StringReader(yaml));
        return new([.. stream.Documents.Select(document => YamlJson.Of(document.RootNode))]);
    }

    /// <summary>The text with every document in one line.</summary>
    public SourceText Source => new("policy.yaml", string.Concat(documents.Select(document => $"---\n{document?.ToJsonString()}\n")));

    /// <summary>The text after a change of one of its documents; null where the change cannot be made there.</summary>
    public AdvisedText? With(int document, Func<JsonNode, bool> change)
    {
        JsonNode?[] copy = [.. documents.Select(each => each?.DeepClone())];
        return copy[document] is { } changed && change(changed) ? new(copy) : null;
    }

    public override string ToString() => Source.Text;
}
