namespace ExtProc.Configuration;

/// <summary>Another key for a list, which takes one item alone: <c>listen: X</c> is short for <c>listeners: [X]</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SingularKeyAttribute(string key) : Attribute
{
    /// <summary>As it stands in YAML.</summary>
    public string Key { get; } = key;
}
