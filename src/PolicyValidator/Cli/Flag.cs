using PolicyValidator.Reporting;

namespace PolicyValidator.Cli;

/// <summary>A flag of <c>lint</c>: what it is called, what it takes, what it does. Help and shell completion are printed from these.</summary>
/// <param name="Name">With its two dashes.</param>
/// <param name="Argument">What stands behind it, for help; null for a flag that is on or off.</param>
/// <param name="Help">One line.</param>
/// <param name="Values">The words it takes, when they are few.</param>
internal sealed record Flag(string Name, string? Argument, string Help, params string[] Values)
{
    /// <summary>The flags of <c>lint</c>, in the order of the help text.</summary>
    public static IReadOnlyList<Flag> All { get; } =
    [
        new("--target", "envoy=1.38|eg=1.9|gcp|...", "judge for this Envoy, or for this eg=, istio=, kgateway=, agentgateway or gcp and its Envoy; default envoy=1.40", "envoy=1.36", "envoy=1.37", "envoy=1.38", "envoy=1.39", "envoy=1.40", "eg=1.4.1", "eg=1.9", "istio=1.28", "kgateway=2.5", "agentgateway", "gcp"),
        new("--format", "FORMAT", $"how the report is printed: {string.Join(", ", Reporters.Names)}; default text", [.. Reporters.Names]),
        new("--report", "FORMAT=FILE", "also write the report to this file in this format; may be given several times"),
        new("--quiet", null, "print findings and their sum only: nothing about files that are clean or passed over"),
        new("--fix", null, "make the safe fixes in place; what came from standard input goes to standard output"),
        new("--unsafe-fixes", null, "with --fix or --diff: also make fixes that are a choice"),
        new("--diff", null, "print what --fix would change, write nothing, exit 1 if that is anything"),
        new("--select", "RULES", "report these rules only: ids, names or beginnings of ids, separated by commas"),
        new("--ignore", "RULES", "do not report these rules"),
        new("--fail-on", "warning|error", "the lowest severity that makes the exit code 1; default error", "warning", "error"),
        new("--config", "FILE", "read this configuration file; default the .policy-validator.yaml nearest to the inputs, upward"),
        new("--no-config", null, "read no configuration file"),
        new("--include", "GLOB", "read these files below directories, in place of *.yaml, *.yml and *.json; may be given several times"),
        new("--exclude", "GLOB", "pass these files and directories over below directories; may be given several times"),
        new("--force-exclude", null, "with --exclude: pass over files that are named, too"),
        new("--stdin-filename", "NAME", "what standard input is called in the report; its ending says how it is read"),
        new("--baseline", "FILE", "do not report the findings in this file"),
        new("--write-baseline", null, "write all findings into the file of --baseline"),
        new("--envoy", "PATH", "also ask this Envoy binary, and report where it disagrees"),
        new("--color", "auto|always|never", "colour the text; auto means on a terminal, unless NO_COLOR is set", "auto", "always", "never"),
        new("--max-file-bytes", "N", "refuse larger files; default 33554432"),
        new("--max-total-bytes", "N", "refuse files beyond so much in all; default 1073741824"),
        new("--max-findings", "N", "show so many findings of one rule in one file; --format json has all; default 1000"),
        new("--max-seconds", "N", "give up after so long; default 300"),
    ];
}
