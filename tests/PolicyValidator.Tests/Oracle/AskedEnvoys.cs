using Envoy.Runner;
using PolicyValidator.Tests.Cli;

namespace PolicyValidator.Tests.Oracle;

/// <summary>The real Envoys of this run: those of TEST_ENVOY_VERSIONS, by default the oldest and the newest that are measured.</summary>
internal static class AskedEnvoys
{
    public static TheoryData<string> Versions { get; } =
        new((Environment.GetEnvironmentVariable("TEST_ENVOY_VERSIONS") ?? "1.36.4 1.40.0").Split(' ', StringSplitOptions.RemoveEmptyEntries));

    /// <summary>What a real Envoy says of a text as its configuration file.</summary>
    public static async Task<EnvoyVerdict> AskAsync(string version, string text, string format)
    {
        using TempFolder folder = new();
        return await EnvoyProcess.ValidateAsync(EnvoyBinary.Find(version), folder.Write($"envoy.{format}", text)).WaitAsync(TimeSpan.FromMinutes(2));
    }
}
