using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Envoy.Runner;

/// <summary>An Envoy program on this machine.</summary>
/// <param name="Path">the file</param>
/// <param name="Version">the release it is</param>
public sealed partial record EnvoyBinary(string Path, Version Version)
{
    private const string Variable = "ENVOY_BIN";

    /// <summary>The Envoy of one release: what <c>make envoy</c> fetched, or what ENVOY_BIN names when that is the same release.</summary>
    /// <exception cref="EnvoyMissingException">there is none</exception>
    public static EnvoyBinary Find(string version)
    {
        if (PathOf(version) is { } path && File.Exists(path))
        {
            return new EnvoyBinary(path, Version.Parse(version));
        }

        var named = FromVariable();
        return named?.Version == Version.Parse(version)
            ? named
            : throw new EnvoyMissingException($"there is no Envoy {version} at {PathOf(version) ?? "artifacts/envoy"}{Besides(named)}");
    }

    /// <summary>The Envoy that ENVOY_BIN names, else the newest that <c>make envoy</c> fetched.</summary>
    /// <exception cref="EnvoyMissingException">there is none</exception>
    public static EnvoyBinary FindNewest() =>
        FromVariable()
        ?? Fetched().MaxBy(binary => binary.Version)
        ?? throw new EnvoyMissingException($"there is no Envoy below {Folder ?? "artifacts/envoy"}");

    private static string? Folder => Checkout.Root is { } root ? System.IO.Path.Combine(root, "artifacts", "envoy") : null;

    private static string? PathOf(string version) =>
        Folder is { } folder ? System.IO.Path.Combine(folder, version, "envoy", "_bin", "envoy") : null;

    private static IEnumerable<EnvoyBinary> Fetched() =>
        Folder is { } folder && Directory.Exists(folder)
            ? from child in Directory.EnumerateDirectories(folder)
              let version = System.IO.Path.GetFileName(child)
              where Version.TryParse(version, out _) && File.Exists(PathOf(version))
              select new EnvoyBinary(PathOf(version)!, Version.Parse(version))
            : [];

    private static EnvoyBinary? FromVariable()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path)
        {
            return null;
        }

        return File.Exists(path)
            ? new EnvoyBinary(path, AskVersion(path))
            : throw new EnvoyMissingException($"{Variable} names \"{path}\", which is not a file");
    }

    private static Version AskVersion(string path)
    {
        using var process = Process.Start(new ProcessStartInfo(path, "--version") { RedirectStandardOutput = true })!;
        string said = process.StandardOutput.ReadToEnd();
        var match = VersionInOutput().Match(said);
        return match.Success
            ? Version.Parse(match.Groups[1].Value)
            : throw new EnvoyMissingException($"{Variable} names \"{path}\", which is no Envoy: asked for its version it said \"{said.Trim()}\"");
    }

    private static string Besides(EnvoyBinary? named) =>
        named is null ? "" : $", and {Variable} names one of {named.Version}";

    [GeneratedRegex(@"/(\d+\.\d+\.\d+)[-/]")]
    private static partial Regex VersionInOutput();
}
