using PolicyValidator.Inputs;
using PolicyValidator.Kubernetes;
using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Readers;

/// <summary>Texts to the model: documents, then the reader that knows the kind of each.</summary>
internal static class PolicyReader
{
    /// <summary>Reads all texts as the target release would. Documents of no known kind are kept, and nothing is said about them.</summary>
    public static PolicySet Read(IReadOnlyList<SourceText> texts, Target target, CancellationToken cancellation)
    {
        PolicyBuilder builder = new(target, cancellation);
        foreach (SourceDocument document in texts.SelectMany(text => Documents(text, target, cancellation)).Cancellable(cancellation))
        {
            builder.Add(document);
            Read(document, builder);
        }

        EnvoyFilterMerges.Make(builder);
        return builder.Build();
    }

    /// <summary>Our server reads its file itself, by rules of its own.</summary>
    private static IReadOnlyList<SourceDocument> Documents(SourceText source, Target target, CancellationToken cancellation)
    {
        IReadOnlyList<SourceDocument> documents = DocumentReader.Read(source, target.Version.Minor, cancellation);
        bool isOurs = Path.GetFileName(source.Name) is "extproc.yaml" or "extproc.yml" || documents.Any(document => ServerConfig.Is(document.Root));
        return isOurs ? DocumentReader.ReadOwn(source, cancellation) : documents;
    }

    private static void Read(SourceDocument document, PolicyBuilder builder)
    {
        if (KubernetesObject.Is(document.Root))
        {
            builder.Add(KubernetesObject.Read(document));
        }

        if (document.Root is { } root && InputReaders.All.FirstOrDefault(reader => reader.Reads(root)) is { } reader)
        {
            reader.Read(document, builder);
        }
        else
        {
            WrappedParts.Collect(document, builder);
        }

        foreach (SourceDocument part in builder.TakeParts())
        {
            Read(part, builder);
        }
    }
}
