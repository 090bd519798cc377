using PolicyValidator.Rules;

namespace PolicyValidator.Reporting;

/// <summary>A finding and the name by which it is known again.</summary>
/// <param name="Finding">What was found.</param>
/// <param name="Suppressed">Why it is not to be reported; null when it is.</param>
/// <param name="Fingerprint">The same from run to run, see <see cref="Rules.Fingerprint"/>.</param>
internal sealed record FingerprintedFinding(Finding Finding, SuppressedFinding? Suppressed, string Fingerprint)
{
    /// <summary>All findings of a file, the suppressed too: whether one is suppressed does not change the names of the others.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">Its path, the same on every machine.</param>
    public static IEnumerable<FingerprintedFinding> Of(FileReport file, string path)
    {
        (Finding Finding, SuppressedFinding? Suppressed)[] all =
        [
            .. file.Findings.Select(finding => (finding, (SuppressedFinding?)null))
                .Concat(file.Suppressed.Select(each => (each.Finding, (SuppressedFinding?)each)))
                .OrderBy(each => each.Item1.Span.Start),
        ];
        return all.Zip(Rules.Fingerprint.Of([.. all.Select(each => each.Finding)], path), (each, name) => new FingerprintedFinding(each.Finding, each.Suppressed, name));
    }
}
