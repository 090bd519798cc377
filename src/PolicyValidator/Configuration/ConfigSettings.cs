using PolicyValidator.Rules;

namespace PolicyValidator.Configuration;

/// <summary>What a configuration file says; null or empty where it says nothing.</summary>
internal sealed record ConfigSettings
{
    /// <summary>The name under which the file is looked for.</summary>
    public const string FileName = ".policy-validator.yaml";

    /// <summary>The Envoy to judge for.</summary>
    public Target? Target { get; init; }

    /// <summary>The name of a reporter.</summary>
    public string? Format { get; init; }

    /// <summary>The lowest severity that fails the run.</summary>
    public Severity? FailOn { get; init; }

    /// <summary>Words for the rules to run.</summary>
    public IReadOnlyList<string>? Select { get; init; }

    /// <summary>Words for the rules not to run.</summary>
    public IReadOnlyList<string>? Ignore { get; init; }

    /// <summary>Severities other than the rules' own.</summary>
    public IReadOnlyDictionary<Rule, Severity> Severities { get; init; } = new Dictionary<Rule, Severity>();

    /// <summary>Globs of the files to read below directories.</summary>
    public IReadOnlyList<string>? Include { get; init; }

    /// <summary>Globs of what to pass over below directories.</summary>
    public IReadOnlyList<string>? Exclude { get; init; }

    /// <summary>Whether <see cref="Exclude"/> holds for files that are named too.</summary>
    public bool? ForceExclude { get; init; }

    /// <summary>What not to report in some paths.</summary>
    public IReadOnlyList<PathIgnore> PathIgnores { get; init; } = [];

    /// <summary>The baseline's path, relative to the file.</summary>
    public string? Baseline { get; init; }

    /// <summary>Larger files are not read.</summary>
    /// <value>In bytes.</value>
    public int? MaxFileBytes { get; init; }

    /// <summary>Files beyond so much in all are not read.</summary>
    /// <value>In bytes.</value>
    public int? MaxTotalBytes { get; init; }

    /// <summary>How many findings of one rule in one file are shown.</summary>
    public int? MaxFindings { get; init; }

    /// <summary>After so long the run is given up.</summary>
    /// <value>In seconds.</value>
    public int? MaxSeconds { get; init; }
}

/// <summary>Rules that are not reported in some files.</summary>
/// <param name="Paths">Globs, relative to the configuration file.</param>
/// <param name="Rules">The rules.</param>
/// <param name="Reason">Why.</param>
internal sealed record PathIgnore(IReadOnlyList<string> Paths, IReadOnlyList<Rule> Rules, string Reason);
