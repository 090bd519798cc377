namespace ExtProc.Configuration;

/// <summary>
/// What a server does before it opens its ports: it plays exchanges of its own through the pipeline, so that the code which the first
/// real one needs is loaded and compiled. A processor can tell such an exchange by <see cref="Exchange.IsRehearsal"/>.
/// </summary>
public sealed record RehearsalOptions
{
    /// <summary>The longest that the rehearsal may take; after it the server opens its ports all the same, and says so. 0s: no rehearsal.</summary>
    [AllowedRange("0s", "1m")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(3);
}
