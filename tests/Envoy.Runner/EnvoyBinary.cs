using System.Diagnostics;
using System.Text.RegularExpressions;
using Envoy.Runner.Search;

namespace Envoy.Runner;

/// <summary>An Envoy program on this machine.</summary>
/// <param name="Path">the file</param>
/// <param name="Version">the release it is</param>
public sealed partial record EnvoyBinary(string Path, Version Version)
{
    /// <summary>The Envoy of one release that is on this machine: named by ENVOY_BIN, on the PATH, or fetched. Fetches nothing.</summary>
    /// <exception cref="EnvoyMissingException">there is none, or ENVOY_BIN names what is no Envoy</exception>
    public static EnvoyBinary Find(string version)
    {
        var wanted = Version.Parse(version);
        return Installed().FirstOrDefault(binary => binary.Version == wanted)
            ?? FetchedEnvoys.Find(wanted)
            ?? throw new EnvoyMissingException($"there is no Envoy {version}: ENVOY_BIN does not name it, and it is neither on the PATH nor in {FetchedEnvoys.ShownFolder}");
    }

    /// <summary>The Envoy at a path.</summary>
    /// <exception cref="EnvoyMissingException">there is none</exception>
    public static EnvoyBinary At(string path)
    {
        string? reason = "there is no such file";
        return File.Exists(path) && Ask(path, out reason) is { } found
            ? found
            : throw new EnvoyMissingException($"\"{path}\" is no Envoy: {reason}");
    }

    /// <summary>Asks a program for its version; null, with the reason, when it does not answer as an Envoy does.</summary>
    internal static EnvoyBinary? Ask(string path, out string? reason)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(path, "--version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
            if (!Task.WaitAll([output, errors], EnvoySearch.Patience))
            {
                process.Kill(entireProcessTree: true);
                reason = $"it did not say its version in {EnvoySearch.Patience.TotalSeconds} s";
                return null;
            }

            var match = VersionInOutput().Match(output.Result);
            reason = match.Success ? null : $"asked for its version it said \"{LastWords.Of(output.Result + errors.Result)}\"";
            return match.Success ? new EnvoyBinary(path, Version.Parse(match.Groups[1].Value)) : null;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            reason = $"it cannot be started: {e.Message}";
            return null;
        }
    }

    private static IEnumerable<EnvoyBinary> Installed() => new[] { InstalledEnvoy.Named, InstalledEnvoy.OnPath }.OfType<EnvoyBinary>();

    [GeneratedRegex(@"/(\d+\.\d+\.\d+)[-/]")]
    private static partial Regex VersionInOutput();
}
