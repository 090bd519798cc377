using PolicyValidator.Decoding;

namespace PolicyValidator.Kubernetes;

/// <summary>A rule about the length of a duration.</summary>
internal static class DurationRule
{
    /// <summary>The rule that a duration is not shorter than a millisecond.</summary>
    /// <param name="path">What the duration is a field of.</param>
    /// <param name="field">The duration.</param>
    /// <param name="since">The first release that has the rule; null for the oldest.</param>
    public static CrdRule AtLeastMillisecond(string path, string field, string? since) => new(path, since, null, value =>
        value[field] is { } duration && GoDuration.SecondsOf(duration.Text) < 0.001m
            ? new(duration, $"{Described.Short(duration.Text)} is less than 1ms", "write 1ms or more")
            : null);

    /// <summary>The rule for the time that a Google load balancer gives an extension: 10 milliseconds to 10 seconds.</summary>
    public static CrdViolation? OfCallout(KubernetesValue extension) =>
        extension["timeout"] is { } timeout && GoDuration.SecondsOf(timeout.Text) is < 0.01m or > 10m
            ? new(timeout, $"a timeout of {Described.Short(timeout.Text)}, which is not between 10 milliseconds and 10 seconds", "write a timeout from 0.01s to 10s")
            : null;
}
