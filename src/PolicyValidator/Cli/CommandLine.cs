using PolicyValidator.Reporting;

namespace PolicyValidator.Cli;

/// <summary>Picks the command, and turns what goes wrong into an exit code.</summary>
internal static class CommandLine
{
    /// <summary>What <c>--help</c> prints.</summary>
    public static string Help { get; } = $"""
        policy-validator: what a real Envoy says about an ext_proc configuration, with a line, a reason and a fix

        usage:
          policy-validator lint PATHS... [flags]          check files, directories (.yaml .yml .json), - is standard input
          policy-validator explain RULE                   all about one rule
          policy-validator rules                          the table of rules
          policy-validator playground [--listen ADDRESS]  a page on this machine to try policies on; default 127.0.0.1:8910
          policy-validator completion bash|zsh|fish       a script for the shell
          policy-validator --version

        flags of lint:
        {string.Join('\n', Flag.All.Select(flag => $"  {$"{flag.Name} {flag.Argument}",-31} {flag.Help}"))}

        exit codes: 0 clean, 1 findings at or above --fail-on, 2 bad usage or a file that cannot be read

        """;

    /// <summary>Runs a command line.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(string[] words, Terminal terminal)
    {
        try
        {
            return words switch
            {
                [] => Misused("a command is missing", terminal),
                ["--help" or "-h" or "help", ..] => Print(Help, terminal),
                ["--version"] => Print(Product.Version + "\n", terminal),
                ["lint", .. var rest] when rest.TakeWhile(word => word != "--").Any(word => word is "--help" or "-h") => Print(Help, terminal),
                ["lint", .. var rest] => new LintCommand(Arguments(rest), terminal).Run(),
                ["explain", var rule] => Print(RuleDocuments.Explain(RuleSelection.One(rule)), terminal),
                ["explain", ..] => Misused("explain needs one rule, by id or name", terminal),
                ["rules"] => Print(RuleDocuments.Table(), terminal),
                ["playground", "--help" or "-h"] => Print(Help, terminal),
                ["playground", .. var rest] => new PlaygroundCommand(PlaygroundCommand.Read(rest), terminal).RunAsync().GetAwaiter().GetResult(),
                ["completion", var shell] => Print(Completion.For(shell), terminal),
                ["completion", ..] => Misused("completion needs a shell: bash, zsh or fish", terminal),
                [var word, ..] => Misused($"\"{DisplayText.Safe(word)}\" is not a command", terminal),
            };
        }
        catch (UsageException usage)
        {
            return Misused(usage.Message, terminal);
        }
    }

    /// <summary>What the command line and the configuration file say together.</summary>
    private static LintArguments Arguments(IReadOnlyList<string> words)
    {
        if (words.TakeWhile(word => word != "--").FirstOrDefault(word => word.StartsWith('-') && word != InputFile.StandardInput && Path.Exists(word)) is { } both)
        {
            // A hook or a shell passes on the names that somebody gave the files of a checkout.
            throw new UsageException($"\"{both}\" is the name of a file, and may be a flag: write ./{both} for the file, or -- before all names");
        }

        LintArguments given = LintArgumentsReader.Read(words);
        string? config = given.NoConfig ? null : given.Config ?? ConfigFile.Find(given.Paths, given.StandardInputName);
        return LintArgumentsReader.Read(words, config is null ? new() { Paths = [] } : ConfigFile.Read(config, isNamed: given.Config is not null));
    }

    private static int Print(string text, Terminal terminal)
    {
        terminal.Output.Write(text);
        return ExitCode.Clean;
    }

    private static int Misused(string problem, Terminal terminal)
    {
        terminal.Error.Write($"policy-validator: {DisplayText.Safe(problem)}\npolicy-validator --help shows the usage\n");
        return ExitCode.Trouble;
    }
}
