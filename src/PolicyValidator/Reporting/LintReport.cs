using PolicyValidator.Inputs;
using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Reporting;

/// <summary>What a reporter prints.</summary>
/// <param name="Target">The Envoy that was asked about.</param>
/// <param name="Files">Every file that was read, also the clean ones, in the order given.</param>
/// <param name="Fixed">How many fixes were made before this was found to remain.</param>
public sealed record LintReport(Target Target, IReadOnlyList<FileReport> Files, int Fixed = 0)
{
    /// <summary>How many findings of one rule in one file are shown where nothing else is asked for.</summary>
    public const int DefaultMaxFindings = 1000;

    /// <summary>How many findings of one rule in one file are shown to people; all of them count.</summary>
    public int MaxFindings { get; init; } = DefaultMaxFindings;

    /// <summary>The folder that paths in reports for other programs are relative to: the checkout's. Empty leaves them as the user gave them.</summary>
    public string Root { get; init; } = "";

    /// <summary>What was found below directories and is not judged.</summary>
    public IReadOnlyList<PassedOverFile> PassedOver { get; init; } = [];

    /// <summary>Whether only findings and the sum are wanted.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>All findings of all files.</summary>
    public IEnumerable<Finding> Findings => Files.SelectMany(file => file.Findings);

    /// <summary>How many findings have a severity.</summary>
    public int Count(Severity severity) => Findings.Count(finding => finding.Severity == severity);
}

/// <summary>One file of a report.</summary>
/// <param name="Source">Its text; the name is the path as the user gave it.</param>
/// <param name="Findings">Sorted by place.</param>
/// <param name="Found">What of ext_proc was read in it; nothing when there is none.</param>
public sealed record FileReport(SourceText Source, IReadOnlyList<Finding> Findings, IReadOnlyList<FoundExtProc> Found)
{
    /// <summary>What was found and is not to be reported, sorted by place.</summary>
    public IReadOnlyList<SuppressedFinding> Suppressed { get; init; } = [];

    /// <summary>The text that reports may show lines of, every place where it is in <see cref="Source"/>; null for none.</summary>
    public SourceText? Excerpts { get; init; } = Source;

    /// <summary>What somebody else says about the text, without what is not to be shown of it.</summary>
    internal Func<string, string> Discreetly { get; init; } = words => words;
}
