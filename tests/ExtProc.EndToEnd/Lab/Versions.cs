namespace ExtProc.EndToEnd.Lab;

/// <summary>The Envoy releases that the tests run on.</summary>
public static class Versions
{
    private const string Variable = "TEST_ENVOY_VERSIONS";

    /// <summary>From TEST_ENVOY_VERSIONS, separated by spaces; by default the oldest and the newest that are supported.</summary>
    public static IReadOnlyList<string> Tested { get; } =
        (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set : "1.36.4 1.40.0").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Theory data with nothing but the version.</summary>
    public static TheoryData<string> Each => [.. Tested];

    public static bool IsAtLeast(string version, string other) => Version.Parse(version) >= Version.Parse(other);

    /// <summary>True from one release line to another, both included.</summary>
    public static bool IsBetween(string version, string first, string last)
    {
        var parsed = Version.Parse(version);
        return parsed >= Version.Parse(first) && new Version(parsed.Major, parsed.Minor) <= Version.Parse(last);
    }
}
