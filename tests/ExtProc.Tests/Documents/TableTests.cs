using Tests.Shared;

namespace ExtProc.Tests.Documents;

public sealed class TableTests
{
    [Theory]
    [MemberData(nameof(LinkTests.Documents), MemberType = typeof(LinkTests))]
    public void A_table_does_not_run_on_from_a_paragraph_which_would_swallow_it(string document)
    {
        string[] lines = File.ReadAllLines(Repository.PathOf(document));
        var swallowed = lines.Zip(lines.Skip(1)).Where(pair => IsParagraph(pair.First) && pair.Second.StartsWith('|')).Select(pair => pair.Second);

        Assert.Empty(swallowed);
    }

    private static bool IsParagraph(string line) => line.Length > 0 && line[0] != '|' && !line.StartsWith("<!--", StringComparison.Ordinal);
}
