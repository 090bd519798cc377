namespace ExtProc.Attacks.Running;

/// <summary>How a server is set up that is attacked; attacks of one configuration can share a server.</summary>
/// <param name="Name">what tests call it</param>
/// <param name="Pipeline">lines of <c>extproc.yaml</c> besides the memory budget</param>
internal sealed record Config(string Name, string Pipeline)
{
    /// <summary>The limit of open files of its process; null leaves the system's.</summary>
    public int? OpenFiles { get; init; }

    /// <summary>Attackers and well-behaved clients reach it through a real Envoy, one of each version under test.</summary>
    public bool IsBehindEnvoy { get; init; }

    /// <summary>The same, with two seconds for what is in flight when the server ends: an attacker's calls never finish.</summary>
    public Config EndingSoon => this with { Pipeline = Pipeline + "drain: { timeout: 2s }\n" };

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>The configurations that attacks need.</summary>
internal static class Configs
{
    /// <summary>The limit that every attacked server has for everything that waits or is held.</summary>
    public const string Budget = "transport: { memoryBudgetBytes: 128MiB }\n";

    /// <summary>No processor: everything passes.</summary>
    public static readonly Config Empty = new("empty", "pipeline: []\n");

    /// <summary>The same, with few files that may be open.</summary>
    public static readonly Config FewFiles = Empty with { Name = "few-files", OpenFiles = 300 };

    /// <summary>A redactor, which decodes bodies and holds what may become a match.</summary>
    public static readonly Config Replacing = new("replacing", "pipeline: [{ name: replace, text: secret, by: \"[removed]\" }]\n");

    /// <summary>The redactor, and a real Envoy before it.</summary>
    public static readonly Config BehindEnvoy = Replacing with { Name = "behind-envoy", IsBehindEnvoy = true };

    /// <summary>A processor that does what a request header says, and may hold bodies of 15 MiB.</summary>
    public static readonly Config Holding = new("holding", "pipeline: [{ name: instructed, holdBytes: 15728640 }]\n");
}
