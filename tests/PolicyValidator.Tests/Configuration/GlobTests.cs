using PolicyValidator.Configuration;

namespace PolicyValidator.Tests.Configuration;

public sealed class GlobTests
{
    [Theory]
    [InlineData("*.yaml", "a.yaml")]
    [InlineData("*.yaml", "deep/er/a.yaml")]
    [InlineData("vendor", "vendor/a/b.yaml")]
    [InlineData("vendor/", "x/vendor/b.yaml")]
    [InlineData("a/*.yaml", "a/b.yaml")]
    [InlineData("./a/*.yaml", "a/b.yaml")]
    [InlineData("/a/*.yaml", "a/b.yaml")]
    [InlineData("a/**/b.yaml", "a/b.yaml")]
    [InlineData("a/**/b.yaml", "a/x/y/b.yaml")]
    [InlineData("a/**", "a/x/y")]
    [InlineData("**/gen", "x/gen/y.yaml")]
    [InlineData("a?c", "abc")]
    [InlineData("[a-c]x", "bx")]
    [InlineData("[!a-c]x", "dx")]
    [InlineData("*.{yaml,json}", "x/a.json")]
    [InlineData("{a,b}/{c,d}", "b/c")]
    [InlineData("\\*", "*")]
    public void A_pattern_matches(string pattern, string path) => Assert.True(new Glob(pattern).Matches(path));

    [Theory]
    [InlineData("*.yaml", "a.yml")]
    [InlineData("a/*.yaml", "x/a/b.yaml")]
    [InlineData("a/*.yaml", "a/x/b.yaml")]
    [InlineData("vendor", "vendors/a.yaml")]
    [InlineData("a?c", "a/c")]
    [InlineData("[a-c]x", "dx")]
    [InlineData("*.{yaml,json}", "a.yml")]
    [InlineData("\\*", "a")]
    [InlineData("a/**/b", "a/bb")]
    [InlineData("", "a")]
    public void A_pattern_does_not_match(string pattern, string path) => Assert.False(new Glob(pattern).Matches(path));

    [Fact]
    public void No_pattern_takes_long()
    {
        string letters = string.Concat(Enumerable.Repeat("a*", 100)) + "b", folders = string.Concat(Enumerable.Repeat("**/a/", 100)) + "b", braces = string.Concat(Enumerable.Repeat("{a,b}", 40));
        Assert.False(new Glob(letters).Matches(new string('a', 5000)));
        Assert.False(new Glob(folders).Matches(string.Join('/', Enumerable.Repeat("a", 200))));
        Assert.Throws<FormatException>(() => new Glob(braces));
    }
}
