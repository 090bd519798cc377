namespace ExtProc.Configuration;

/// <summary>
/// Lets a record be written as one value: that of the property named here. So <c>admin: 127.0.0.1:9001</c> is short for
/// <c>admin: { address: 127.0.0.1:9001 }</c>, and a setting can get more properties later without a break.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ShortFormAttribute(string property) : Attribute
{
    /// <summary>The property that the single value is for.</summary>
    public string Property { get; } = property;
}
