using PolicyValidator.Cli;

namespace PolicyValidator.Tests.Cli;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("help")]
    [InlineData("lint", "--help")]
    public void Help_names_every_flag(params string[] words)
    {
        Run run = Run.Of(words);
        Assert.Equal(ExitCode.Clean, run.ExitCode);
        Assert.All(Flag.All, flag => Assert.Contains(flag.Name, run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void Version_is_a_bare_number() => Assert.Matches(@"^\d+\.\d+\.\d+\n$", Run.Of("--version").Output);

    [Theory]
    [InlineData()]
    [InlineData("nope")]
    [InlineData("lint")]
    [InlineData("lint", "x", "--format", "xml")]
    [InlineData("explain")]
    [InlineData("explain", "EP999")]
    [InlineData("completion", "tcsh")]
    public void Bad_usage_is_exit_code_2_and_prints_to_standard_error_only(params string[] words)
    {
        Run run = Run.Of(words);
        Assert.Equal(ExitCode.Trouble, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.StartsWith("policy-validator: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void Completion_knows_every_flag(string shell) =>
        Assert.All(Flag.All, flag => Assert.Contains(flag.Name.TrimStart('-'), Run.Of("completion", shell).Output, StringComparison.Ordinal));
}
