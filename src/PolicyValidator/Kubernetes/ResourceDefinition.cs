using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Kubernetes;

/// <summary>What an API server holds objects of one kind against: their table of fields, and rules about values together.</summary>
/// <param name="Group">The API group.</param>
/// <param name="Kind">The kind, which is also the table's name.</param>
/// <param name="Version">The version within the group that there is; null where it is not checked.</param>
/// <param name="Name">How messages name a release: <c>Envoy Gateway 1.9.1</c>.</param>
internal sealed record ResourceDefinition(string Group, string Kind, string? Version, Func<ProductVersion, string> Name)
{
    /// <summary>The release that a target stands for; null where it stands for none, which means the newest that was read.</summary>
    public Func<Target, ProductVersion?> ReleaseOf { get; init; } = static _ => null;

    /// <summary>The rules beside the schema, of all releases.</summary>
    public IReadOnlyList<CrdRule> Rules { get; init; } = [];

    /// <summary>The fields.</summary>
    public CrdTable Table => CrdTable.Of(Kind);

    /// <summary>Everything for which an API server refuses an object. Rules about values together are asked when each value is right by itself, as it does.</summary>
    public IReadOnlyList<ConfigProblem> Problems(KubernetesObject found, Target target)
    {
        ProductVersion release = ReleaseOf(target) ?? Table.Releases[^1];
        ConfigProblem[] plain =
        [
            .. found.Problems,
            .. WrongVersion(found),
            .. new ObjectMetaCheck(found.Document).Check(found.Value),
            .. new CrdCheck(found.Document, Table, release, Name).Check(found.Value),
        ];
        return HasWrongValues(plain) ? plain : [.. plain, .. CrdRule.Problems(Rules, found.Document, found.Value, Table.Nearest(release))];
    }

    /// <summary>Whether a value is wrong by itself, so that nothing more can be said about what comes of it.</summary>
    public static bool HasWrongValues(IEnumerable<ConfigProblem> problems) =>
        problems.Any(problem => problem is { Kind: ProblemKind.KubernetesValue, IsInferred: false });

    private IEnumerable<ConfigProblem> WrongVersion(KubernetesObject found) => Version is null || found.ApiVersion == Version
        ? []
        : [new(ProblemKind.KubernetesValue, found.Document, found.Value["apiVersion"]!.Node.UseSpan, "/apiVersion", $"there is no version '{found.ApiVersion}' of {Group}", $"write {Group}/{Version}")];
}
