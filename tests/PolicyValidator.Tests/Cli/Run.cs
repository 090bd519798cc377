using System.Text;
using PolicyValidator.Cli;

namespace PolicyValidator.Tests.Cli;

/// <summary>One run of the command line in process.</summary>
internal sealed record Run(int ExitCode, string Output, string Error)
{
    public static Run Of(params string[] words) => WithInput("", words);

    public static Run WithInput(string input, params string[] words) => WithInput(Encoding.UTF8.GetBytes(input), words);

    public static Run WithInput(byte[] input, params string[] words)
    {
        StringWriter output = new(), error = new();
        int code = CommandLine.Run(words, new Terminal(new MemoryStream(input), output, error, OutputIsTerminal: false, NoColour: false));
        return new(code, output.ToString(), error.ToString());
    }
}
