namespace ExtProc.Configuration;

/// <summary>
/// How a running server ends on SIGTERM or Ctrl-C: health turns NOT_SERVING, after <see cref="Delay"/> new streams are refused, exchanges
/// in flight finish within <see cref="Timeout"/>, the rest ends UNAVAILABLE. A supervisor's grace period must be longer than both together.
/// </summary>
public sealed record DrainOptions
{
    /// <summary>How long new streams are still taken after health says NOT_SERVING, so that Envoy can learn of it.</summary>
    [AllowedRange("0s", "10m")]
    public TimeSpan Delay { get; init; } = TimeSpan.Zero;

    /// <summary>How long exchanges in flight may take to finish, after the delay.</summary>
    [AllowedRange("0s", "1h")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
