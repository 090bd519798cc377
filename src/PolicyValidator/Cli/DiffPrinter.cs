using PolicyValidator.Reporting;

namespace PolicyValidator.Cli;

/// <summary>
/// Prints a difference. For a program it is the file's own text, which <c>patch</c> must find in the file; a terminal obeys nothing in it,
/// and neither does the log of a GitHub workflow.
/// </summary>
/// <param name="terminal">Where it goes.</param>
/// <param name="format">The form of the report beside it.</param>
internal sealed class DiffPrinter(Terminal terminal, string format)
{
    /// <summary>Prints one; an empty one is nothing.</summary>
    public void Print(string diff)
    {
        string shown = terminal.OutputIsTerminal ? string.Join('\n', diff.Split('\n').Select(line => DisplayText.Safe(line))) : diff;
        terminal.Output.Write(diff.Length > 0 && format == "github" ? Unobeyed(shown) : shown);
    }

    /// <summary>Between these lines a workflow obeys no commands; the second line cannot be forged without knowing its token.</summary>
    private static string Unobeyed(string text)
    {
        string word = $"{Guid.NewGuid():N}";
        return $"::stop-commands::{word}\n{text}::{word}::\n";
    }
}
