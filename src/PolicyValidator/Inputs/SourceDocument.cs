namespace PolicyValidator.Inputs;

/// <summary>The language of a text. Envoy reads the two by different rules.</summary>
public enum SourceFormat
{
    /// <summary>YAML.</summary>
    Yaml,

    /// <summary>JSON, as leniently as protobuf's JSON reader takes it.</summary>
    Json,
}

/// <summary>One document of a text, as nodes.</summary>
/// <param name="Source">The text.</param>
/// <param name="Format">How it was read.</param>
/// <param name="Index">Its place among the documents of the text, from 0.</param>
/// <param name="Root">The outermost value; null when the document is empty or does not parse.</param>
/// <param name="Problems">What kept it from being read.</param>
public sealed record SourceDocument(SourceText Source, SourceFormat Format, int Index, Node? Root, IReadOnlyList<SyntaxProblem> Problems)
{
    /// <summary>Set for a document that a product makes of what the user wrote, its values placed in the user's text.</summary>
    public Translation? Translation { get; init; }

    /// <summary>Whether it stands in the text in another form, such as a quoted string: then nothing in it can be edited.</summary>
    public bool HasOtherForm { get; init; }

    /// <summary>Where text begins that its reader passes over in silence; null where there is none.</summary>
    public int? Leftover { get; init; }

    /// <summary>Whether it is merged into a configuration that is not known, so that what it lacks may be there.</summary>
    public bool IsPart { get; init; }

    /// <summary>The release 1.n of the Envoy that may read it, and the texts in its values.</summary>
    public int EnvoyMinor { get; init; } = int.MaxValue;

    /// <summary>How many texts it stands in, one inside the other: 0 for a file's own document, 1 for a text in one of its values.</summary>
    public int Nesting { get; init; }
}

/// <summary>A place at which a text is not the YAML or JSON that it should be.</summary>
public sealed record SyntaxProblem(SourceSpan Span, string Message, string Help);
