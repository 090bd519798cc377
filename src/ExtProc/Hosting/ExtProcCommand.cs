using ExtProc.Hosting.CommandLine;

namespace ExtProc.Hosting;

/// <summary>
/// A command of the program beside those that it always has, from another assembly of this project: give it to
/// <see cref="ExtProcProgram.RunAsync(string[], Action{ExtProcBuilder}?, ExtProcCommand[])"/>.
/// </summary>
public abstract class ExtProcCommand
{
    // What a command is given is internal, so that it can change.
    internal ExtProcCommand()
    {
    }

    /// <summary>What the user writes.</summary>
    internal abstract string Name { get; }

    /// <summary>Its line of help below "usage", in its columns.</summary>
    internal abstract string Usage { get; }

    /// <summary>Its paragraphs of help, with a line feed at the end.</summary>
    internal abstract string Help { get; }

    /// <summary>Runs it.</summary>
    /// <param name="arguments">Without the name.</param>
    /// <param name="output">Where it writes.</param>
    /// <param name="configure">What the program adds to the server.</param>
    /// <returns>The exit code.</returns>
    internal abstract Task<int> RunAsync(string[] arguments, ProgramOutput output, Action<ExtProcBuilder>? configure);
}
