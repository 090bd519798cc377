namespace PolicyValidator.Tests.Inputs.Grid;

/// <summary>
/// All pieces: indicators, blanks, places and kinds of values in combinations that readers of YAML are known to differ on, or might. Of
/// the full product every fourth is kept, so that a real Envoy is done with them in minutes.
/// </summary>
internal static class GridTexts
{
    public static IReadOnlyList<GridText> All { get; } =
    [
        .. BlankTexts.All.Concat(FlowTexts.All).Concat(BlockScalarTexts.All).Concat(IndicatorTexts.All).Concat(StructureTexts.All).Concat(ScalarTexts.All)
            .Where(IsKept).Select(text => new GridText(text)).Concat(BeforeTexts.All).Distinct(),
    ];

    /// <summary>By the text itself, so that a new axis does not change the choice among the others.</summary>
    private static bool IsKept(string text) => text.Aggregate(17u, (hash, letter) => (hash * 31) + letter) % 4 == 0;
}
