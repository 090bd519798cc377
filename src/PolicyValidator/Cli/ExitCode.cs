namespace PolicyValidator.Cli;

/// <summary>What the program's exit code says; the same for every format.</summary>
internal static class ExitCode
{
    /// <summary>Nothing at or above <c>--fail-on</c>, and nothing that <c>--diff</c> would change.</summary>
    public const int Clean = 0;

    /// <summary>Findings at or above <c>--fail-on</c>, or a difference.</summary>
    public const int Findings = 1;

    /// <summary>Bad usage, or a file that could not be read or written.</summary>
    public const int Trouble = 2;
}
