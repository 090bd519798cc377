using PolicyValidator.Reporting;
using PolicyValidator.Rules;

namespace PolicyValidator.Configuration;

/// <summary>A key of the configuration file.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Help">One sentence, for the documents and the schema.</param>
/// <param name="Read">Puts its value into the settings.</param>
internal sealed record ConfigKey(string Name, string Help, Func<ConfigSettings, ConfigValue, ConfigSettings> Read)
{
    /// <summary>All keys, in the order of the documents.</summary>
    public static IReadOnlyList<ConfigKey> All { get; } =
    [
        new("target", "The Envoy to judge for, or the Envoy Gateway or Istio that brings it.", (settings, value) => settings with { Target = value.Target() }),
        new("failOn", "The lowest severity that makes the exit code 1.", (settings, value) =>
            settings with { FailOn = value.OneOf(["warning", "error"]) == "error" ? Severity.Error : Severity.Warning }),
        new("format", "How the report is printed.", (settings, value) => settings with { Format = value.OneOf(Reporters.Names) }),
        new("select", "Report these rules only: ids, names or beginnings of ids.", (settings, value) => settings with { Select = Words(value) }),
        new("ignore", "Do not report these rules.", (settings, value) => settings with { Ignore = Words(value) }),
        new("severity", "Severities other than the rules' own, by id, name or beginning of ids.", (settings, value) => settings with { Severities = Severities(value) }),
        new("include", "Globs of the files to read below directories, in place of *.yaml, *.yml and *.json.", (settings, value) => settings with { Include = value.Globs() }),
        new("exclude", "Globs of files and directories to pass over below directories.", (settings, value) => settings with { Exclude = value.Globs() }),
        new("forceExclude", "Whether exclude holds for files that the command line names too.", (settings, value) => settings with { ForceExclude = value.Flag() }),
        new("ignorePaths", "Rules that are not reported in some files, with the reason.", (settings, value) => settings with { PathIgnores = [.. value.FewItems().Select(PathIgnore)] }),
        new("baseline", "The file of findings that were there before.", (settings, value) => settings with { Baseline = value.Path() }),
        new("maxFileBytes", "Larger files are refused. Bytes, 1 to 2147483647; default 33554432 (32 MiB).", (settings, value) => settings with { MaxFileBytes = value.Count() }),
        new("maxTotalBytes", "Files are refused when all together are larger. Bytes, 1 to 2147483647; default 1073741824 (1 GiB).", (settings, value) => settings with { MaxTotalBytes = value.Count() }),
        new("maxFindings", "How many findings of one rule in one file are shown in text, in SARIF and to GitHub; all count, and JSON has all. 1 to 2147483647; default 1000.", (settings, value) => settings with { MaxFindings = value.Count() }),
        new("maxSeconds", "After how many seconds a run ends with exit code 2. 1 to 86400; default 300.", (settings, value) => settings with { MaxSeconds = value.Count(most: 86_400) }),
    ];

    /// <summary>The keys of an entry of <c>ignorePaths</c>; all are needed.</summary>
    public static IReadOnlyDictionary<string, string> PathIgnoreKeys { get; } = new Dictionary<string, string>
    {
        ["paths"] = "Globs, relative to this file.",
        ["rules"] = "Ids, names or beginnings of ids.",
        ["reason"] = "Why these are not to be reported here.",
    };

    private static IReadOnlyList<string> Words(ConfigValue value)
    {
        foreach (ConfigValue item in value.FewItems())
        {
            item.RulesOf();
        }

        return value.Texts();
    }

    private static Dictionary<Rule, Severity> Severities(ConfigValue value)
    {
        Dictionary<Rule, Severity> severities = [];
        foreach ((ConfigValue word, ConfigValue severity) in value.Fields())
        {
            Severity chosen = severity.Severity();
            foreach (Rule rule in word.RulesOf())
            {
                severities[rule] = chosen;
            }
        }

        return severities;
    }

    private static PathIgnore PathIgnore(ConfigValue entry)
    {
        Dictionary<string, ConfigValue> fields = entry.Fields().ToDictionary(
            field => PathIgnoreKeys.ContainsKey(field.Key.Text()) ? field.Key.Text() : throw field.Key.Not($"one of {string.Join(", ", PathIgnoreKeys.Keys)}"),
            field => field.Value);
        foreach (string missing in PathIgnoreKeys.Keys.Where(key => !fields.ContainsKey(key)))
        {
            throw new ConfigException(entry.Source, entry.Node.UseSpan, $"{missing} is missing; paths, rules and a reason are needed");
        }

        return new(fields["paths"].Globs(), [.. fields["rules"].FewItems().SelectMany(item => item.RulesOf()).Distinct()], fields["reason"].Text());
    }
}
