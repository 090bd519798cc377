using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Inputs;

/// <summary>Texts to the model: documents, then the reader that knows the kind of each document.</summary>
internal static class PolicyReader
{
    /// <summary>Reads all texts as the target release would.</summary>
    public static PolicySet Read(IReadOnlyList<SourceText> texts, Target target)
    {
        _ = (texts, target);
        return new();
    }
}
