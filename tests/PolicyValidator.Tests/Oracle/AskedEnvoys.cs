using Envoy.Runner;
using PolicyValidator.Tests.Cli;

namespace PolicyValidator.Tests.Oracle;

/// <summary>The real Envoys of this run: <see cref="EnvoyVersions.Tested"/>.</summary>
internal static class AskedEnvoys
{
    public static TheoryData<string> Versions { get; } = [.. EnvoyVersions.Tested];

    /// <summary>What a real Envoy says of a text as its configuration file.</summary>
    public static async Task<EnvoyVerdict> AskAsync(string version, string text, string format)
    {
        using TempFolder folder = new();
        return await EnvoyProcess.ValidateAsync(EnvoyBinary.Find(version), folder.Write($"envoy.{format}", text)).WaitAsync(TimeSpan.FromMinutes(2));
    }
}
