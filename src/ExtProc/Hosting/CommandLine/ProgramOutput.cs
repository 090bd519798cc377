using ExtProc.Configuration;

namespace ExtProc.Hosting.CommandLine;

/// <summary>Where a command writes.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">What is wrong, and the log.</param>
internal sealed record ProgramOutput(TextWriter Out, TextWriter Error)
{
    /// <summary>One line a problem.</summary>
    public void Report(IEnumerable<ConfigProblem> problems)
    {
        foreach (var problem in problems)
        {
            Error.WriteLine(problem);
        }
    }

    /// <summary>Says what was wrong with the arguments.</summary>
    /// <returns>The exit code.</returns>
    public int RefuseUsage(string problem)
    {
        Error.WriteLine($"extproc: {problem}");
        Error.WriteLine("extproc --help shows what there is");
        return ExitCode.Unusable;
    }
}
