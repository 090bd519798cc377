namespace PolicyValidator.Rules;

/// <summary>Where it is said that a finding is not to be reported.</summary>
public enum SuppressionSource
{
    /// <summary>A comment beside it.</summary>
    Comment,

    /// <summary>The configuration file, for the paths that it names.</summary>
    Configuration,

    /// <summary>The baseline: it was there before.</summary>
    Baseline,
}

/// <summary>A finding that somebody has looked at and decided to live with.</summary>
/// <param name="Finding">What was found.</param>
/// <param name="Source">Where that was decided.</param>
/// <param name="Reason">Why.</param>
public sealed record SuppressedFinding(Finding Finding, SuppressionSource Source, string Reason);
