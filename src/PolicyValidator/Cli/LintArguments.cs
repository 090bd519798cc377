using PolicyValidator.Configuration;
using PolicyValidator.Reporting;
using PolicyValidator.Files;
using PolicyValidator.Rules;

namespace PolicyValidator.Cli;

/// <summary>What <c>lint</c> was asked to do.</summary>
internal sealed record LintArguments
{
    /// <summary>Files, directories, or <c>-</c> for standard input.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>The Envoy to judge for.</summary>
    public Target Target { get; init; } = Target.Newest;

    /// <summary>The name of the reporter.</summary>
    public string Format { get; init; } = "text";

    /// <summary>Reports that go to files as well.</summary>
    public IReadOnlyList<ExtraReport> Reports { get; init; } = [];

    /// <summary>Print findings and their sum, and nothing about what is clean.</summary>
    public bool Quiet { get; init; }

    /// <summary>Make fixes.</summary>
    public bool Fix { get; init; }

    /// <summary>Make also those that are a choice.</summary>
    public bool UnsafeFixes { get; init; }

    /// <summary>Print what fixes would change, and write nothing.</summary>
    public bool Diff { get; init; }

    /// <summary>Words for the rules to run; none for all.</summary>
    public IReadOnlyList<string> Selected { get; init; } = [];

    /// <summary>Words for the rules not to run.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>The rules to run.</summary>
    public IReadOnlyList<Rule> Rules { get; init; } = RuleCatalog.All;

    /// <summary>Severities other than the rules' own.</summary>
    public IReadOnlyDictionary<Rule, Severity> Severities { get; init; } = new Dictionary<Rule, Severity>();

    /// <summary>What is not reported in some files.</summary>
    public IReadOnlyList<(PathGlobs Paths, PathIgnore Ignore)> PathIgnores { get; init; } = [];

    /// <summary>The configuration file that the command line names.</summary>
    public string? Config { get; init; }

    /// <summary>Look for no configuration file.</summary>
    public bool NoConfig { get; init; }

    /// <summary>What standard input is called; it decides how the text is read.</summary>
    public string? StandardInputName { get; init; }

    /// <summary>The files to read below directories; null for those with the usual endings.</summary>
    public PathGlobs? Include { get; init; }

    /// <summary>What to pass over below directories; null for nothing.</summary>
    public PathGlobs? Exclude { get; init; }

    /// <summary>Pass over files that were named too.</summary>
    public bool ForceExclude { get; init; }

    /// <summary>The file of findings that were there before; null for none.</summary>
    public string? Baseline { get; init; }

    /// <summary>Where that file must really lie, if the configuration file names it; null for anywhere.</summary>
    public Boundary? BaselineWithin { get; init; }

    /// <summary>Write that file instead of reading it.</summary>
    public bool WriteBaseline { get; init; }

    /// <summary>The lowest severity that fails the run.</summary>
    public Severity FailOn { get; init; } = Severity.Error;

    /// <summary>An Envoy binary to ask as well; null for none.</summary>
    public string? Envoy { get; init; }

    /// <summary>Colour always (true), never (false), or on a terminal (null).</summary>
    public bool? Colours { get; init; }

    /// <summary>Larger files are not read.</summary>
    /// <value>In bytes; 32 MiB by default, which holds a config_dump of some thousand listeners.</value>
    public int MaxFileBytes { get; init; } = 32 << 20;

    /// <summary>Files beyond so much in all are not read: all are held at once, and what is read of them is larger than they are.</summary>
    /// <value>In bytes; 1 GiB by default.</value>
    public int MaxTotalBytes { get; init; } = 1 << 30;

    /// <summary>How many findings of one rule in one file are shown in text, in SARIF and to GitHub; all count, and JSON has all.</summary>
    /// <value>1000 by default.</value>
    public int MaxFindings { get; init; } = LintReport.DefaultMaxFindings;

    /// <summary>After so long the run is given up.</summary>
    /// <value>In seconds; 300 by default, in which tens of megabytes are linted.</value>
    public int MaxSeconds { get; init; } = 300;

    /// <summary>Why a finding is not reported in its file; null when it is.</summary>
    public string? ReasonToIgnore(Finding finding) =>
        PathIgnores.FirstOrDefault(each => each.Ignore.Rules.Contains(finding.Rule) && each.Paths.Match(finding.Source.Name)).Ignore?.Reason;
}
