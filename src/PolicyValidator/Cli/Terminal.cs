namespace PolicyValidator.Cli;

/// <summary>The streams of a run and what is known of the terminal, passed in so that tests run commands in process.</summary>
/// <param name="Input">Standard input, in bytes.</param>
/// <param name="Output">Standard output: the report, a fixed text or a difference, and nothing else.</param>
/// <param name="Error">Standard error: what went wrong, and reports when standard output is taken.</param>
/// <param name="OutputIsTerminal">Whether a person looks at the output.</param>
/// <param name="NoColour">Whether <c>NO_COLOR</c> is set.</param>
internal sealed record Terminal(Stream Input, TextWriter Output, TextWriter Error, bool OutputIsTerminal, bool NoColour)
{
    /// <summary>Whether to colour: as the flag says, else on a terminal unless <c>NO_COLOR</c> is set and not empty.</summary>
    public bool Colours(bool? flag) => flag ?? (OutputIsTerminal && !NoColour);
}
