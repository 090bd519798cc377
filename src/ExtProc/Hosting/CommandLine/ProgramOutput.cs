using ExtProc.Configuration;
using ExtProc.Telemetry;

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
            Tell(problem.ToString());
        }
    }

    /// <summary>Says one thing that is wrong: in one line, bounded and printable, for files and arguments are written by others.</summary>
    public void Tell(string problem) => Error.WriteLine(LogText.Line(problem));

    /// <summary>Says what was wrong with the arguments.</summary>
    /// <returns>The exit code.</returns>
    public int RefuseUsage(string problem)
    {
        Tell($"extproc: {problem}");
        Tell("extproc --help shows what there is");
        return ExitCode.Unusable;
    }
}
