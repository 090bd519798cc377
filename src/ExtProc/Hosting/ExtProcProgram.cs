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
    /// <param name="commands">Commands beside <c>serve</c> and <c>check</c>, such as <c>new TryCommand()</c> of ExtProc.Try.</param>
    /// <returns>The exit code: 0 success, 1 failed while running, 2 could not begin.</returns>
    public static Task<int> RunAsync(string[] arguments, Action<ExtProcBuilder>? configure = null, params ExtProcCommand[] commands) =>
        RunAsync(arguments, new ProgramOutput(Console.Out, Console.Error), configure, commands);

    internal static async Task<int> RunAsync(string[] arguments, ProgramOutput output, Action<ExtProcBuilder>? configure, params ExtProcCommand[] commands)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(commands);
        if (arguments.Length > 0 && (arguments.Contains("--help") || arguments.Contains("-h") || arguments[0] == "help"))
        {
            output.Out.Write(HelpText.Of(commands));
            return ExitCode.Success;
        }

        ExtProcCommand? other = arguments is [var name, ..] ? commands.FirstOrDefault(command => command.Name == name) : null;
        string[] names = ["serve", "check", .. commands.Select(command => command.Name)];
        return arguments switch
        {
            ["serve", ..] when OpenFiles.Limit() is { } files and < OpenFiles.Fewest => RefuseFiles(output, files),
            ["serve", .. var rest] => await ServeCommand.RunAsync(rest, output, configure).ConfigureAwait(false),
            ["check", .. var rest] => CheckCommand.Run(rest, output, configure),
            ["--version"] => Version(output),
            [_, ..] when other is not null && OpenFiles.Limit() is { } files and < OpenFiles.Fewest => RefuseFiles(output, files),
            [_, .. var rest] when other is not null => await other.RunAsync(rest, output, configure).ConfigureAwait(false),
            [] => output.RefuseUsage($"what shall it do? name a command: {string.Join(", ", names[..^1])} or {names[^1]}"),
            [var unknown, ..] => output.RefuseUsage($"\"{unknown}\" is no command; {Configuration.Reading.NearName.Advice(unknown, [.. names, "--version", "--help"])}"),
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
