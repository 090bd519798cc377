using Envoy.Runner.Search;

namespace Envoy.Runner;

/// <summary>The releases of Envoy that tests run on.</summary>
public static class EnvoyVersions
{
    /// <summary>Holds the releases to test on, separated by spaces.</summary>
    public const string Variable = "TEST_ENVOY_VERSIONS";

    /// <summary>The oldest and the newest release that are supported.</summary>
    public static IReadOnlyList<string> Ends { get; } = ["1.36.4", "1.40.0"];

    /// <summary>
    /// What <see cref="Variable"/> names; where it is not set the one Envoy that ENVOY_BIN names or that is on the PATH, and without
    /// such a one <see cref="Ends"/>.
    /// </summary>
    /// <exception cref="EnvoyMissingException">ENVOY_BIN names what is no Envoy</exception>
    public static IReadOnlyList<string> Tested =>
        Named ?? (InstalledEnvoy.Supported is { } installed ? [installed.Version.ToString()] : Ends);

    /// <summary>What <see cref="Variable"/> names; null where it is not set.</summary>
    public static IReadOnlyList<string>? Named =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? set.Split(' ', StringSplitOptions.RemoveEmptyEntries) : null;

    /// <summary>True for a release that is not older than the oldest that is supported.</summary>
    public static bool IsSupported(Version version) => version >= Version.Parse(Ends[0]);
}
