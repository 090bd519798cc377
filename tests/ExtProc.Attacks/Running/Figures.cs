namespace ExtProc.Attacks.Running;

/// <summary>The outcomes as rows of a table, in the file that ATTACK_FIGURES names.</summary>
internal static class Figures
{
    private static readonly string? Path = Environment.GetEnvironmentVariable("ATTACK_FIGURES");

    /// <summary>Adds a row; does nothing where no file is named.</summary>
    public static void Keep(Outcome outcome)
    {
        if (Path is { Length: > 0 })
        {
            File.AppendAllText(Path, outcome + "\n");
        }
    }
}
