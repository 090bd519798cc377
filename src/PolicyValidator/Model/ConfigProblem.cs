using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Model;

/// <summary>The kinds of problem that reading itself finds; each is reported by one rule.</summary>
internal enum ProblemKind
{
    /// <summary>Not the YAML or JSON that Envoy reads.</summary>
    Syntax,

    /// <summary>Text inside a value that names a type of ext_proc and is neither YAML nor JSON.</summary>
    UnreadText,

    /// <summary>A field that the message does not have, in any release or in the target's.</summary>
    UnknownField,

    /// <summary>A value that does not fit the field's type.</summary>
    WrongType,

    /// <summary>A name that the enum does not have, in any release or in the target's.</summary>
    UnknownEnumName,

    /// <summary>A value that fits the type and is outside what Envoy allows.</summary>
    OutOfRange,

    /// <summary>Something that must be there is not.</summary>
    Missing,

    /// <summary>A type URL that no extension of this place has.</summary>
    UnknownType,

    /// <summary>A field that the Kubernetes resource does not have in the target's release.</summary>
    KubernetesField,

    /// <summary>A value that the Kubernetes resource's schema refuses.</summary>
    KubernetesValue,

    /// <summary>Values that the Kubernetes resource's own rules refuse together.</summary>
    KubernetesCombination,

    /// <summary>A policy that the API server takes and its controller does not.</summary>
    RefusedByController,
}

/// <summary>Something that reading found wrong.</summary>
/// <param name="Kind">The rule it belongs to.</param>
/// <param name="Document">The document.</param>
/// <param name="Span">The stretch of text to point at.</param>
/// <param name="Pointer">The path inside the document.</param>
/// <param name="Message">What was found.</param>
/// <param name="Help">What to write instead.</param>
internal sealed record ConfigProblem(ProblemKind Kind, SourceDocument Document, SourceSpan Span, string Pointer, string Message, string Help)
{
    /// <summary>The path inside the document; a very long one without its middle. All problems of a run are held at once.</summary>
    public string Pointer { get; init; } = LongText.Cut(Pointer);

    /// <summary>What was found; a very long one without its middle.</summary>
    public string Message { get; init; } = LongText.Cut(Message);

    /// <summary>What to write instead; a very long one without its middle.</summary>
    public string Help { get; init; } = LongText.Cut(Help);

    /// <summary>Envoy drops this with a warning in dynamic configuration, and that is where it was found.</summary>
    public bool DroppedByEnvoy { get; init; }

    /// <summary>What it goes against was concluded, not read in a definition: it is not sure to be refused.</summary>
    public bool IsInferred { get; init; }

    /// <summary>It is about a name that is not known here, which a newer release may have.</summary>
    public bool IsAboutNames { get; init; }
}
