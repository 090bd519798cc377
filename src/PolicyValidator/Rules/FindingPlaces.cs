namespace PolicyValidator.Rules;

/// <summary>Findings of one rule that several ways through a configuration lead to.</summary>
internal static class FindingPlaces
{
    /// <summary>The first finding of each place of each text.</summary>
    public static IEnumerable<Finding> OncePerPlace(this IEnumerable<Finding> findings) => findings.DistinctBy(finding => (finding.Source, finding.Span));
}
