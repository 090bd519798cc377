using System.Text.RegularExpressions;
using ExtProc.Configuration.Binding;
using ExtProc.Pipeline;

namespace ExtProc.Configuration.Reading;

/// <summary>
/// Environment variables as settings: <c>EXTPROC_</c> and the path in capitals, so <c>EXTPROC_LIMITS_HANDLER_TIMEOUT</c> is
/// <c>limits.handlerTimeout</c>. Every setting that is one value has one.
/// </summary>
internal static partial class EnvironmentSettings
{
    /// <summary>How all of them begin.</summary>
    public const string Prefix = "EXTPROC_";

    /// <summary>Names the configuration file; <c>--config</c> wins over it.</summary>
    public const string ConfigVariable = Prefix + "CONFIG";

    /// <summary>Variable to path, all that there are.</summary>
    public static IReadOnlyDictionary<string, string> Known { get; } =
        new SortedDictionary<string, string>(Paths(typeof(ExtProcOptions), "").Append("listen").ToDictionary(VariableOf), StringComparer.Ordinal);

    /// <summary>The variable of a path.</summary>
    public static string VariableOf(string path) => Prefix + string.Join('_', path.Split('.').Select(ConfigKey.UpperSnake));

    /// <summary>Settings given in the environment; a name that is nearly one of ours is a warning.</summary>
    public static IEnumerable<(string Path, ConfigScalar Value)> Read(IReadOnlyDictionary<string, string> environment, ConfigProblems problems)
    {
        foreach (var (name, text) in environment.Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal)).OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            ConfigMark at = new($"environment variable {name}");
            if (Known.TryGetValue(name, out string? path))
            {
                yield return (path, new ConfigScalar(at, text.Trim()));
            }
            else if (name != ConfigVariable && !KubernetesServiceLink().IsMatch(name))
            {
                string guess = NearName.Nearest(name, Known.Keys) is { } near ? $"; did you mean {near}?" : "";
                problems.Warn(at, $"there is no such setting, so it is ignored{guess}");
            }
        }
    }

    private static IEnumerable<string> Paths(Type type, string path) =>
        from member in ConfigShape.Of(type).Members
        where member.Type != typeof(PipelineDefinition)
        let inner = path.Length == 0 ? member.Key : $"{path}.{member.Key}"
        from found in ScalarTypes.Knows(member.Type) ? [inner]
            : CollectionTypes.IsList(member.Type, out _) || CollectionTypes.IsMap(member.Type, out _) ? []
            : ConfigShape.Of(member.Type).ShortForm is not null ? [inner]
            : Paths(member.Type, inner)
        select found;

    // A Service called "extproc" puts these into every pod beside it.
    [GeneratedRegex("^EXTPROC_([A-Z0-9_]+_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT|PORT_[0-9]+_(TCP|UDP).*)$")]
    private static partial Regex KubernetesServiceLink();
}
