namespace ExtProc.Configuration;

/// <summary>
/// How a running server ends on SIGTERM: health turns NOT_SERVING, after <see cref="Delay"/> the ports close and connections say GOAWAY,
/// exchanges in flight finish within <see cref="Timeout"/>, the rest ends UNAVAILABLE. A supervisor's grace period must be longer than both
/// together and 5 s. Ctrl-C leaves the delay out; a second one ends at once.
/// </summary>
public sealed record DrainOptions
{
    /// <summary>
    /// How long connections and streams are still taken after health says NOT_SERVING, so that every Envoy can learn of it before the ports
    /// close: longer than Kubernetes takes to tell that a pod ends, or than a health check's interval times its <c>unhealthy_threshold</c>.
    /// </summary>
    [AllowedRange("0s", "10m")]
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long exchanges in flight may take to finish, after the delay.</summary>
    [AllowedRange("0s", "1h")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
