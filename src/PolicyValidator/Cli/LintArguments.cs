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

    /// <summary>Make fixes.</summary>
    public bool Fix { get; init; }

    /// <summary>Make also those that are a choice.</summary>
    public bool UnsafeFixes { get; init; }

    /// <summary>Print what fixes would change, and write nothing.</summary>
    public bool Diff { get; init; }

    /// <summary>The rules to run.</summary>
    public IReadOnlyList<Rule> Rules { get; init; } = RuleCatalog.All;

    /// <summary>The lowest severity that fails the run.</summary>
    public Severity FailOn { get; init; } = Severity.Error;

    /// <summary>An Envoy binary to ask as well; null for none.</summary>
    public string? Envoy { get; init; }

    /// <summary>Colour always (true), never (false), or on a terminal (null).</summary>
    public bool? Colours { get; init; }

    /// <summary>Larger files are not read.</summary>
    /// <value>In bytes; 32 MiB by default, which holds a config_dump of some thousand listeners.</value>
    public int MaxFileBytes { get; init; } = 32 << 20;
}
