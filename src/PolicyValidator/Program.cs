using System.Text;
using PolicyValidator.Cli;

// Output is UTF-8 wherever the program runs: the text of a user's file must come out as it went in.
using StreamWriter output = new(Console.OpenStandardOutput(), new UTF8Encoding(false), 64 * 1024);
using StreamWriter error = new(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true };
return CommandLine.Run(args, new Terminal(
    Console.OpenStandardInput(),
    output,
    error,
    OutputIsTerminal: !Console.IsOutputRedirected,
    NoColour: !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))));
