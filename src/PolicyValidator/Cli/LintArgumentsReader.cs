using System.Globalization;
using PolicyValidator.Configuration;
using PolicyValidator.Reporting;
using PolicyValidator.Rules;

namespace PolicyValidator.Cli;

/// <summary>Words of the command line to <see cref="LintArguments"/>.</summary>
internal static class LintArgumentsReader
{
    /// <summary>Flags that may be given several times; what they say together replaces what the configuration file says.</summary>
    private static readonly string[] Repeated = ["--select", "--ignore", "--include", "--exclude"];

    /// <summary>A day: who needs longer lints less at once.</summary>
    private const int MostSeconds = 86_400;

    /// <summary>Reads the words behind <c>lint</c>.</summary>
    /// <param name="words">The words.</param>
    /// <param name="configured">What a configuration file says, to which the words are added; null when that is not known yet.</param>
    /// <exception cref="UsageException">A word that is not understood, or no path.</exception>
    public static LintArguments Read(IReadOnlyList<string> words, LintArguments? configured = null)
    {
        List<string> paths = [];
        LintArguments arguments = (configured ?? new() { Paths = [] }) with { Paths = paths };
        Dictionary<string, List<string>> repeated = [];
        for (int at = 0; at < words.Count; at++)
        {
            string word = words[at];
            if (word == "--")
            {
                paths.AddRange(words.Skip(at + 1));
                break;
            }

            if (word == "-" || !word.StartsWith('-'))
            {
                paths.Add(word);
                continue;
            }

            (string name, string value) = Split(words, ref at);
            if (!Repeated.Contains(name))
            {
                arguments = With(arguments, name, value);
            }
            else if (!repeated.TryAdd(name, [value]))
            {
                repeated[name].Add(value);
            }
        }

        return Checked(repeated.Aggregate(arguments, (all, each) => WithAll(all, each.Key, each.Value)), isAll: configured is not null);
    }

    private static LintArguments Checked(LintArguments arguments, bool isAll) => arguments switch
    {
        { Paths: [] } => throw new UsageException("lint needs files, directories, or - for standard input"),
        { WriteBaseline: true, Baseline: null } when isAll => throw new UsageException("--write-baseline needs --baseline FILE, or baseline in the configuration file"),
        _ => arguments with { Rules = RuleSelection.Of(arguments.Selected, arguments.Ignored) },
    };

    private static LintArguments WithAll(LintArguments arguments, string name, IReadOnlyList<string> values) => name switch
    {
        "--select" => arguments with { Selected = values },
        "--ignore" => arguments with { Ignored = values },
        "--include" => arguments with { Include = Globs(name, values) },
        _ => arguments with { Exclude = Globs(name, values) },
    };

    private static PathGlobs Globs(string name, IReadOnlyList<string> values)
    {
        try
        {
            return new(".", values);
        }
        catch (FormatException refused)
        {
            throw new UsageException($"{name} cannot be obeyed: {refused.Message}");
        }
    }

    /// <summary>A flag and what stands behind it, after a blank or an equals sign.</summary>
    private static (string Name, string Value) Split(IReadOnlyList<string> words, ref int at)
    {
        string[] parts = words[at].Split('=', 2);
        Flag flag = Flag.All.FirstOrDefault(flag => flag.Name == parts[0])
            ?? throw new UsageException($"{Quoted(words[at])} is not a flag of lint; policy-validator --help lists them");
        return (flag.Argument, parts.Length, at + 1 < words.Count) switch
        {
            (null, 1, _) => (flag.Name, ""),
            (null, _, _) => throw new UsageException($"{flag.Name} takes no value, found {Quoted(parts[1])}"),
            (_, 2, _) => (flag.Name, parts[1]),
            (_, _, true) => (flag.Name, words[++at]),
            _ => throw new UsageException($"{flag.Name} needs a value: {flag.Name} {flag.Argument}"),
        };
    }

    private static LintArguments With(LintArguments arguments, string name, string value) => name switch
    {
        "--target" => arguments with { Target = Target.Parse(value) ?? throw NotOneOf(name, value, Target.Allowed) },
        "--format" => arguments with { Format = Reporters.Names.Contains(value) ? value : throw NotOneOf(name, value, string.Join(", ", Reporters.Names)) },
        "--report" => arguments with { Reports = [.. arguments.Reports, ExtraReport.Parse(value)] },
        "--quiet" => arguments with { Quiet = true },
        "--fix" => arguments with { Fix = true },
        "--unsafe-fixes" => arguments with { UnsafeFixes = true },
        "--diff" => arguments with { Diff = true },
        "--fail-on" => arguments with { FailOn = FailOn(value) },
        "--config" => arguments with { Config = value.Length > 0 ? value : throw NotOneOf(name, value, "the path of a file, or --no-config") },
        "--no-config" => arguments with { NoConfig = true },
        "--force-exclude" => arguments with { ForceExclude = true },
        "--stdin-filename" => arguments with { StandardInputName = value.Length > 0 ? value : throw NotOneOf(name, value, "a name such as policy.yaml") },
        "--baseline" => arguments with { Baseline = value.Length > 0 ? value : throw NotOneOf(name, value, "the path of a file"), BaselineWithin = null },
        "--write-baseline" => arguments with { WriteBaseline = true },
        "--envoy" => arguments with { Envoy = value.Length > 0 ? value : throw NotOneOf(name, value, "the path of an Envoy binary") },
        "--color" => arguments with { Colours = Colours(value) },
        "--max-total-bytes" => arguments with { MaxTotalBytes = Number(name, value, "bytes") },
        "--max-findings" => arguments with { MaxFindings = Number(name, value, "findings") },
        "--max-seconds" => arguments with { MaxSeconds = Number(name, value, "seconds", MostSeconds) },
        _ => arguments with { MaxFileBytes = Number(name, value, "bytes") },
    };

    private static Severity FailOn(string value) => value switch
    {
        "error" => Severity.Error,
        "warning" => Severity.Warning,
        _ => throw NotOneOf("--fail-on", value, "warning or error"),
    };

    private static bool? Colours(string value) => value switch
    {
        "auto" => null,
        "always" => true,
        "never" => false,
        _ => throw NotOneOf("--color", value, "auto, always or never"),
    };

    private static int Number(string name, string value, string unit, int most = int.MaxValue) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 && number <= most
            ? number
            : throw NotOneOf(name, value, $"a number of {unit} from 1 to {most}");

    private static UsageException NotOneOf(string name, string value, string allowed) =>
        new($"{Quoted(value)} is not a value of {name}; use {allowed}");

    private static string Quoted(string text) => $"\"{DisplayText.Safe(text)}\"";
}
