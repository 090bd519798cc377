using Envoy.Runner;

namespace ExtProc.EndToEnd.Lab;

/// <summary>The Envoy releases that the tests run on.</summary>
public static class Versions
{
    public static IReadOnlyList<string> Tested => EnvoyVersions.Tested;

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
