using PolicyValidator.Cli;
using PolicyValidator.Rules;

namespace PolicyValidator.Tests.Cli;

public sealed class LintArgumentsReaderTests
{
    [Fact]
    public void Without_flags_the_newest_Envoy_is_asked_and_text_is_printed()
    {
        LintArguments read = LintArgumentsReader.Read(["a.yaml"]);
        Assert.Equal(["a.yaml"], read.Paths);
        Assert.Equal("envoy=1.40", read.Target.Text);
        Assert.Equal("text", read.Format);
        Assert.Equal(Severity.Error, read.FailOn);
        Assert.False(read.Fix || read.Diff || read.UnsafeFixes);
        Assert.Null(read.Colours);
    }

    [Fact]
    public void Values_stand_behind_a_blank_or_an_equals_sign()
    {
        LintArguments read = LintArgumentsReader.Read(["--target", "envoy=1.38", "--format=json", "--fail-on=warning", "x", "--color", "always"]);
        Assert.Equal(new EnvoyVersion(38, Target.Parse("envoy=1.38")!.Version.Patch), read.Target.Version);
        Assert.Equal("json", read.Format);
        Assert.Equal(Severity.Warning, read.FailOn);
        Assert.True(read.Colours);
    }

    [Theory]
    [InlineData("eg=1.4.1", "1.34.1", "1.4.1")]
    [InlineData("eg=1.4", "1.34.4", "1.4.3")]
    [InlineData("eg=1.6.1", "1.36.2", "1.6.1")]
    [InlineData("eg=1.9.1", "1.39.1", "1.9.1")]
    [InlineData("istio=1.28", "1.36.13", "1.9.1")]
    [InlineData("istio=1.27.3", "1.35.13", "1.9.1")]
    [InlineData("envoy=1.36.4", "1.36.4", "1.9.1")]
    [InlineData("envoy=1.40.0", "1.40.0", "1.9.1")]
    [InlineData("kgateway=2.0", "1.33.14", "1.9.1")]
    [InlineData("kgateway=2.3.5", "1.37.10", "1.9.1")]
    [InlineData("agentgateway", "1.40.0", "1.9.1")]
    [InlineData("agentgateway=1.3", "1.40.0", "1.9.1")]
    [InlineData("gcp", "1.40.0", "1.9.1")]
    public void A_product_stands_for_its_Envoy(string target, string envoy, string gateway)
    {
        Target read = LintArgumentsReader.Read(["x", "--target", target]).Target;
        Assert.Equal((envoy, gateway), (read.Version.ToString(), read.EnvoyGateway.ToString()));
    }

    [Fact]
    public void Behind_two_dashes_everything_is_a_path() =>
        Assert.Equal(["-", "--fix", "--"], LintArgumentsReader.Read(["-", "--", "--fix", "--"]).Paths);

    [Theory]
    [InlineData("needs files", "--fix")]
    [InlineData("\"--nope\" is not a flag", "--nope", "x")]
    [InlineData("--target needs a value", "x", "--target")]
    [InlineData("--fix takes no value", "--fix=yes", "x")]
    [InlineData("\"envoy=1.25\" is not a value of --target; use envoy=1.26 to envoy=1.40", "--target=envoy=1.25", "x")]
    [InlineData("\"1.38\" is not a value of --target", "--target", "1.38", "x")]
    [InlineData("\"eg=1.1\" is not a value of --target", "--target", "eg=1.1", "x")]
    [InlineData("eg=1.2.0 to eg=1.9.1", "--target", "eg=2", "x")]
    [InlineData("istio=1.18 to istio=1.32", "--target", "istio=1.17", "x")]
    [InlineData("\"envoy=1.x\" is not a value of --target", "--target", "envoy=1.x", "x")]
    [InlineData("kgateway=2.0 to kgateway=2.5", "--target", "kgateway=1.9", "x")]
    [InlineData("agentgateway=1.0 to agentgateway=1.4", "--target", "agentgateway=0.9", "x")]
    [InlineData("\"agentgateway=\" is not a value of --target", "--target", "agentgateway=", "x")]
    [InlineData("\"gcp=1\" is not a value of --target; use envoy=", "--target", "gcp=1", "x")]
    [InlineData("\"xml\" is not a value of --format; use checkstyle, github, gitlab, json, junit, sarif, text", "--format", "xml", "x")]
    [InlineData("\"hint\" is not a value of --fail-on; use warning or error", "--fail-on", "hint", "x")]
    [InlineData("\"red\" is not a value of --color", "--color", "red", "x")]
    [InlineData("\"0\" is not a value of --max-file-bytes", "--max-file-bytes", "0", "x")]
    [InlineData("\"EP9x\" is not a rule", "--select", "EP9x", "x")]
    [InlineData("\"no-such-rule\" is not a rule", "--ignore", "no-such-rule", "x")]
    [InlineData("need ids or names", "--select", ",", "x")]
    public void What_is_not_understood_says_what_to_write(string message, params string[] words) =>
        Assert.Contains(message, Assert.Throws<UsageException>(() => LintArgumentsReader.Read(words)).Message, StringComparison.Ordinal);
}
