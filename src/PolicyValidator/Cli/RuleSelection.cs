using PolicyValidator.Reporting;
using PolicyValidator.Rules;

namespace PolicyValidator.Cli;

/// <summary>Which rules run, after <c>--select</c> and <c>--ignore</c>.</summary>
internal static class RuleSelection
{
    /// <summary>The rules selected (all when nothing is) without the ignored.</summary>
    /// <param name="selected">Lists of ids, names or beginnings of ids, each with commas.</param>
    /// <param name="ignored">The same.</param>
    /// <exception cref="UsageException">A word that means no rule.</exception>
    public static IReadOnlyList<Rule> Of(IEnumerable<string> selected, IEnumerable<string> ignored)
    {
        HashSet<Rule> wanted = [.. selected.SelectMany(Words).SelectMany(Matching)];
        HashSet<Rule> unwanted = [.. ignored.SelectMany(Words).SelectMany(Matching)];
        return [.. RuleCatalog.All.Where(rule => (wanted.Count == 0 || wanted.Contains(rule)) && !unwanted.Contains(rule))];
    }

    /// <summary>The rule of an id or a name.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static Rule One(string word) => RuleWords.One(word) ?? throw Unknown(word);

    private static string[] Words(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) switch
    {
        [] => throw new UsageException("--select and --ignore need ids or names of rules; policy-validator rules lists them"),
        var words => words,
    };

    private static IReadOnlyList<Rule> Matching(string word) => RuleWords.Many(word) is { Count: > 0 } rules ? rules : throw Unknown(word);

    private static UsageException Unknown(string word) =>
        new($"\"{DisplayText.Safe(word)}\" is not a rule; policy-validator rules lists them");
}
