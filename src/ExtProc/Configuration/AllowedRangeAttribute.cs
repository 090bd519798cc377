namespace ExtProc.Configuration;

/// <summary>
/// The range of a setting, in the words of the configuration: <c>[AllowedRange("1ms", "1h")]</c> for a <see cref="TimeSpan"/>,
/// <c>[AllowedRange("64KiB", "1GiB")]</c> for a number of bytes, <c>[AllowedRange("1", "10000")]</c> for others. Both ends are allowed.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
public sealed class AllowedRangeAttribute(string least, string most) : Attribute
{
    /// <summary>The smallest value.</summary>
    public string Least { get; } = least;

    /// <summary>The largest value.</summary>
    public string Most { get; } = most;
}
