using Tests.Shared;

namespace ExtProc.Tests.Documents;

public sealed class DecisionIndexTests
{
    private static readonly string[] Files =
        [.. Directory.GetFiles(Repository.PathOf("docs", "decisions"), "???-*.md").Select(Path.GetFileName).Order(StringComparer.Ordinal)!];

    [Fact]
    public void The_index_lists_every_decision() => Golden.Section(
        "docs/decisions/README.md",
        "index",
        "| | decision |\n|---|---|\n" + string.Concat(Files.Select(file => $"| {file[..3]} | [{Title(file)}]({file}) |\n")));

    [Fact]
    public void No_number_is_given_twice() => Assert.Equal(Files.Length, Files.DistinctBy(file => file[..3]).Count());

    private static string Title(string file)
    {
        string first = File.ReadLines(Repository.PathOf("docs", "decisions", file)).First();
        Assert.StartsWith("# ", first, StringComparison.Ordinal);
        return first[2..];
    }
}
