using PolicyValidator.Inputs;
using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Decoding;

/// <summary>What is being read for whom, and what was found wrong with it so far.</summary>
/// <param name="Document">The document.</param>
/// <param name="Target">The Envoy that would read it.</param>
/// <param name="IsDynamic">Whether unknown fields and names are dropped instead of refused.</param>
internal sealed record DecodeContext(SourceDocument Document, Target Target, bool IsDynamic)
{
    /// <summary>The problems, in the order in which they were found.</summary>
    public List<ConfigProblem> Problems { get; init; } = [];

    /// <summary>Ends the reading.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>How many ext_proc messages are being read around the current value: inside them everything is judged.</summary>
    public int ExtProcDepth { get; set; }

    /// <summary>How the document was read.</summary>
    public SourceFormat Format => Document.Format;

    /// <summary>Records a problem at a value.</summary>
    public void Report(ProblemKind kind, Node node, string message, string help) =>
        Report(kind, node.UseSpan, node.Pointer, message, help);

    /// <summary>Records a problem at a place in the text.</summary>
    public void Report(ProblemKind kind, SourceSpan span, string pointer, string message, string help) =>
        Problems.Add(new(kind, Document, span, pointer, message, help)
        {
            DroppedByEnvoy = IsDynamic && kind is ProblemKind.UnknownField or ProblemKind.UnknownEnumName,
        });
}
