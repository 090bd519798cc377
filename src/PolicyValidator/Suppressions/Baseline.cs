namespace PolicyValidator.Suppressions;

/// <summary>The findings that were there when the baseline was written: they are not reported.</summary>
/// <param name="Entries">In the order of the file.</param>
internal sealed record Baseline(IReadOnlyList<BaselineEntry> Entries)
{
    /// <summary>The reason that reports give.</summary>
    public const string Reason = "it is in the baseline";

    private readonly HashSet<string> known = [.. Entries.Select(entry => entry.Fingerprint)];

    /// <summary>Whether a finding was there before.</summary>
    public bool Holds(string fingerprint) => known.Contains(fingerprint);
}

/// <summary>One finding of a baseline. All but the fingerprint is for people who read the file.</summary>
/// <param name="Fingerprint">The finding's name.</param>
/// <param name="Rule">The rule's id.</param>
/// <param name="Path">The file, relative to the baseline's folder.</param>
/// <param name="Message">What was found.</param>
internal sealed record BaselineEntry(string Fingerprint, string Rule, string Path, string Message);
