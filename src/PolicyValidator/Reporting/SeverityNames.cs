using PolicyValidator.Rules;

namespace PolicyValidator.Reporting;

/// <summary>Severities as reports and flags spell them.</summary>
internal static class SeverityNames
{
    /// <summary>The name of a severity.</summary>
    public static string Of(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Warning => "warning",
        _ => "hint",
    };
}
