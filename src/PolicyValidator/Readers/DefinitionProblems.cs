using PolicyValidator.Kubernetes;
using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Readers;

/// <summary>What the API server says of an object whose definition has no rules beside its schema that are known here.</summary>
internal static class DefinitionProblems
{
    /// <summary>Everything that is wrong with it.</summary>
    /// <param name="found">The object.</param>
    /// <param name="product">Whose definition it is.</param>
    /// <param name="release">The release; the newest that is known when null.</param>
    public static IReadOnlyList<ConfigProblem> Of(KubernetesObject found, string product, ProductVersion? release = null)
    {
        CrdTable table = CrdTable.Of(found.Kind);
        return
        [
            .. found.Problems,
            .. new ObjectMetaCheck(found.Document).Check(found.Value),
            .. new CrdCheck(found.Document, table, product, release ?? table.Releases[^1]).Check(found.Value),
        ];
    }
}
