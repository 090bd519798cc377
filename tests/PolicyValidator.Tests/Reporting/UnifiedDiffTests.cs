using PolicyValidator.Reporting;

namespace PolicyValidator.Tests.Reporting;

public sealed class UnifiedDiffTests
{
    [Fact]
    public void Equal_texts_have_no_difference() => Assert.Empty(UnifiedDiff.Of("f", "a\nb\n", "a\nb\n"));

    [Theory]
    [InlineData("a\nb\n", "a\nx\nb\n", "@@ -1,2 +1,3 @@\n a\n+x\n b\n")]
    [InlineData("a\nb\n", "a\nc\n", "@@ -1,2 +1,2 @@\n a\n-b\n+c\n")]
    [InlineData("a", "a\nb", "@@ -1 +1,2 @@\n-a\n\\ No newline at end of file\n+a\n+b\n\\ No newline at end of file\n")]
    [InlineData("a\r\n", "a\r\nb\r\n", "@@ -1 +1,2 @@\n a\r\n+b\r\n")]
    [InlineData("", "a\n", "@@ -0,0 +1 @@\n+a\n")]
    public void Lines_are_marked_as_patch_reads_them(string before, string after, string hunks) =>
        Assert.Equal("--- f\n+++ f\n" + hunks, UnifiedDiff.Of("f", before, after));

    [Fact]
    public void Changes_far_apart_have_hunks_of_their_own()
    {
        string[] lines = [.. Enumerable.Range(0, 30).Select(number => $"{number}\n")];
        string before = string.Concat(lines);
        (lines[2], lines[25]) = ("x\n", "y\n");
        Assert.Equal(2, UnifiedDiff.Of("f", before, string.Concat(lines)).Split('\n').Count(line => line.StartsWith("@@", StringComparison.Ordinal)));
    }
}
