namespace PolicyValidator.Rules;

/// <summary>The words by which users name rules: ids, names, and beginnings of ids for many at once.</summary>
public static class RuleWords
{
    private static readonly Dictionary<string, Rule> ByWord = RuleCatalog.All
        .SelectMany(rule => new[] { rule.Id, rule.Name }.Select(word => (Word: word, Rule: rule)))
        .DistinctBy(each => each.Word, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(each => each.Word, each => each.Rule, StringComparer.OrdinalIgnoreCase);

    /// <summary>The rule of an id or a name; null when there is none.</summary>
    public static Rule? One(string word) => ByWord.GetValueOrDefault(word);

    /// <summary>The rules of an id, a name or a beginning of ids such as <c>EP1</c>; empty when there is none.</summary>
    public static IReadOnlyList<Rule> Many(string word) =>
        [.. RuleCatalog.All.Where(rule => Is(rule, word) || IsBeginningOf(word, rule.Id))];

    private static bool Is(Rule rule, string word) =>
        rule.Id.Equals(word, StringComparison.OrdinalIgnoreCase) || rule.Name.Equals(word, StringComparison.OrdinalIgnoreCase);

    private static bool IsBeginningOf(string word, string id) =>
        word.StartsWith("EP", StringComparison.OrdinalIgnoreCase) && id.StartsWith(word, StringComparison.OrdinalIgnoreCase);
}
