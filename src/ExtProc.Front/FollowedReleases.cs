namespace ExtProc.Front;

/// <summary>The Envoy releases whose behavior was measured, and so can be followed.</summary>
internal static class FollowedReleases
{
    /// <summary>One of each minor version, oldest first.</summary>
    public static IReadOnlyList<Version> All { get; } = [new(1, 36, 4), new(1, 37, 0), new(1, 38, 3), new(1, 39, 3), new(1, 40, 0)];

    /// <summary>For a message about another one.</summary>
    public static string Range { get; } = $"1.36 to 1.40 ({string.Join(", ", All)})";

    /// <summary>The release that stands for this one: patches of a minor version behave alike. Null: there is none.</summary>
    public static Version? For(Version version) => All.FirstOrDefault(known => (known.Major, known.Minor) == (version.Major, version.Minor));
}
