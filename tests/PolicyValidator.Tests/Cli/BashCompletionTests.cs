using System.Diagnostics;
using PolicyValidator.Cli;
using PolicyValidator.Reporting;

namespace PolicyValidator.Tests.Cli;

/// <summary>A real bash completes by our script.</summary>
public sealed class BashCompletionTests
{
    [Fact]
    public void Flags_are_completed_by_their_beginnings()
    {
        Assert.Equal(Flag.All.Select(flag => flag.Name), Completed("lint", "--"));
        Assert.Equal(["--write-baseline"], Completed("lint", "--w"));
    }

    [Fact]
    public void Values_are_completed_behind_a_blank_and_an_equals_sign()
    {
        Assert.Equal(Reporters.Names, Completed("lint", "--format", ""));
        Assert.Equal(["sarif"], Completed("lint", "--format", "=", "sa"));
    }

    private static string[] Completed(params string[] words)
    {
        string quoted = string.Join(' ', words.Prepend("policy-validator").Select(word => $"'{word}'"));
        string script = $"{Run.Of("completion", "bash").Output}\nCOMP_WORDS=({quoted}); COMP_CWORD={words.Length}; _policy_validator; printf '%s\\n' \"${{COMPREPLY[@]}}\"";
        using Process bash = Process.Start(new ProcessStartInfo("bash", ["--norc", "-c", script]) { RedirectStandardOutput = true })!;
        string output = bash.StandardOutput.ReadToEnd();
        Assert.True(bash.WaitForExit(TimeSpan.FromSeconds(30)));
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
