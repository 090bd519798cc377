namespace ExtProc.Demo;

/// <summary>What the demo ends with.</summary>
internal static class ExitCode
{
    /// <summary>Stopped, or every answer was as promised.</summary>
    public const int Ok = 0;

    /// <summary>An answer was not as promised.</summary>
    public const int WrongAnswer = 1;

    /// <summary>It could not start: what was named as an Envoy is none, a port is in use, an option is unknown.</summary>
    public const int CannotRun = 2;
}
