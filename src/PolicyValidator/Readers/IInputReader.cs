using PolicyValidator.Inputs;

namespace PolicyValidator.Readers;

/// <summary>Reads one kind of document.</summary>
internal interface IInputReader
{
    /// <summary>What it reads, for people: <c>Envoy bootstrap</c>.</summary>
    string Kind { get; }

    /// <summary>Whether the document is of this kind. Cheap: looks at the first level.</summary>
    bool Reads(Node root);

    /// <summary>Puts what it finds into the builder.</summary>
    void Read(SourceDocument document, PolicyBuilder builder);
}
