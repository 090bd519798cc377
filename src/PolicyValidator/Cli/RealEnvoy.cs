using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using PolicyValidator.Rules;

namespace PolicyValidator.Cli;

/// <summary>An Envoy binary that is asked for its verdict.</summary>
/// <param name="Path">The file.</param>
/// <param name="Target">Its release, as a target of ours; null when it is none that is known here.</param>
/// <param name="Said">What it says its version is.</param>
internal sealed partial record RealEnvoy(string Path, Target? Target, string Said)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Asks a binary for its version.</summary>
    /// <exception cref="UsageException">It cannot be run, or is no Envoy.</exception>
    public static RealEnvoy Find(string path)
    {
        string said = Run(path, ["--version"]).Output.Trim();
        Match match = VersionInOutput().Match(said);
        return match.Success
            ? new(path, Target.Parse($"envoy={match.Groups["version"].Value}") is { IsNewer: false } known ? known : null, match.Groups["version"].Value)
            : throw new UsageException($"--envoy {path} is no Envoy: asked for its version it said \"{said}\"");
    }

    /// <summary>Asks whether a bootstrap file is accepted.</summary>
    /// <returns>Null when it is, else the reason.</returns>
    public EnvoyReason? Refuses(string file)
    {
        (int exitCode, string output) = Run(Path, ["--mode", "validate", "-c", file, "--use-dynamic-base-id", "-l", "critical"]);
        return exitCode == 0 ? null : EnvoyReason.Of(Reason(output));
    }

    /// <summary>The line that says why, and what follows it.</summary>
    private static string Reason(string output)
    {
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string line = lines.FirstOrDefault(line => line.Contains("error initializing", StringComparison.OrdinalIgnoreCase))
            ?? lines.LastOrDefault(line => line.Contains("error", StringComparison.OrdinalIgnoreCase)) ?? lines.LastOrDefault() ?? "it said nothing";
        return string.Join(' ', lines.SkipWhile(each => each != line));
    }

    private static (int ExitCode, string Output) Run(string path, IReadOnlyList<string> words)
    {
        ProcessStartInfo start = new(path, words) { RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(Patience))
            {
                process.Kill(entireProcessTree: true);
                throw new UsageException($"--envoy {path} did not answer within {Patience.TotalSeconds} s");
            }

            return (process.ExitCode, output.GetAwaiter().GetResult() + error.GetAwaiter().GetResult());
        }
        catch (Win32Exception trouble)
        {
            throw new UsageException($"--envoy {path} cannot be run: {trouble.Message.TrimEnd('.')}");
        }
    }

    [GeneratedRegex(@"/(?<version>1\.[0-9]+\.[0-9]+)[-/]", RegexOptions.ExplicitCapture)]
    private static partial Regex VersionInOutput();
}
