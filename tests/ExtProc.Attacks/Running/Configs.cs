namespace ExtProc.Attacks.Running;

/// <summary>The configurations that attacks need, as lines of <c>extproc.yaml</c>.</summary>
internal static class Configs
{
    /// <summary>The limit that every attacked server has for everything that waits or is held.</summary>
    public const string Budget = "transport: { memoryBudgetBytes: 128MiB }\n";

    /// <summary>No processor: everything passes.</summary>
    public const string Empty = "pipeline: []\n";

    /// <summary>A redactor, which decodes bodies and holds what may become a match.</summary>
    public const string Replacing = "pipeline: [{ name: replace, text: [secret, password], by: \"[removed]\" }]\n";

    /// <summary>A processor that does what a request header says, and may hold bodies of 15 MiB.</summary>
    public const string Holding = "pipeline: [{ name: instructed, holdBytes: 15728640 }]\n";
}
