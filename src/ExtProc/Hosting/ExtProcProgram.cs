using System.Reflection;
using ExtProc.Hosting.CommandLine;
using ExtProc.Transport.Connections;

namespace ExtProc.Hosting;

/// <summary>
/// The <c>extproc</c> program. A program of your own that has processors of its own is one line:
/// <c>return await ExtProcProgram.RunAsync(args, extproc => extproc.AddProcessor&lt;Tag&gt;("tag"));</c>
/// </summary>
public static class ExtProcProgram
{
    /// <summary>Runs a command.</summary>
    /// <param name="arguments">What the user wrote.</param>
    /// <param name="configure">Adds processors to those that are built in.</param>
    /// <returns>The exit code: 0 success, 1 failed while running, 2 could not begin.</returns>
    public static Task<int> RunAsync(string[] arguments, Action<ExtProcBuilder>? configure = null) =>
        RunAsync(arguments, new ProgramOutput(Console.Out, Console.Error), configure);

    internal static async Task<int> RunAsync(string[] arguments, ProgramOutput output, Action<ExtProcBuilder>? configure)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Length > 0 && (arguments.Contains("--help") || arguments.Contains("-h") || arguments[0] == "help"))
        {
            output.Out.Write(HelpText.All);
            return ExitCode.Success;
        }

        return arguments switch
        {
            ["serve", ..] when OpenFiles.Limit() is { } files and < OpenFiles.Fewest => RefuseFiles(output, files),
            ["serve", .. var rest] => await ServeCommand.RunAsync(rest, output, configure).ConfigureAwait(false),
            ["check", .. var rest] => CheckCommand.Run(rest, output, configure),
            ["--version"] => Version(output),
            [] => output.RefuseUsage("what shall it do? name a command: serve or check"),
            [var unknown, ..] => output.RefuseUsage($"\"{unknown}\" is no command; {Configuration.Reading.NearName.Advice(unknown, ["serve", "check", "--version", "--help"])}"),
        };
    }

    // The library's own files are among those that could not be opened later.
    private static int RefuseFiles(ProgramOutput output, long files)
    {
        output.Tell($"extproc: the process may have {files} files open at once and needs {OpenFiles.Fewest} at least; raise the limit (ulimit -n, LimitNOFILE, the container runtime's default)");
        return ExitCode.Unusable;
    }

    private static int Version(ProgramOutput output)
    {
        string version = typeof(ExtProcProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        output.Out.WriteLine(version.Split('+')[0]);
        return ExitCode.Success;
    }
}
