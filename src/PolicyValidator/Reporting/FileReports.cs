using PolicyValidator.Inputs;
using PolicyValidator.Model;
using PolicyValidator.Rules;

namespace PolicyValidator.Reporting;

/// <summary>What a lint found, file by file.</summary>
internal static class FileReports
{
    /// <summary>One report for each text, in order, the clean ones too.</summary>
    public static IReadOnlyList<FileReport> Of(LintResult result)
    {
        ILookup<SourceText, Finding> findings = result.Findings.ToLookup(finding => finding.Source);
        ILookup<SourceText, SuppressedFinding> suppressed = result.Suppressed.ToLookup(each => each.Finding.Source);
        ILookup<SourceText, FoundExtProc> found = FoundExtProc.In(result.Policies);
        Discretion discretion = new(result.Policies);
        return [.. result.Sources.Select(source => discretion.Of(new(source, [.. findings[source]], [.. found[source]]) { Suppressed = [.. suppressed[source]] }))];
    }
}
