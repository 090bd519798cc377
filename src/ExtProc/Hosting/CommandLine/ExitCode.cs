namespace ExtProc.Hosting.CommandLine;

/// <summary>What the program tells who started it.</summary>
internal static class ExitCode
{
    /// <summary>Did what was asked; for <c>serve</c>: was asked to stop, and did.</summary>
    public const int Success = 0;

    /// <summary>Failed while running.</summary>
    public const int Failed = 1;

    /// <summary>Could not begin: bad usage, a bad configuration, a port that cannot be opened.</summary>
    public const int Unusable = 2;
}
