using ExtProc.Configuration.Binding;
using ExtProc.Configuration.Reading;

namespace ExtProc.Configuration.Checks;

/// <summary>Holds settings to what they speak for: see <see cref="ConfigScope"/>.</summary>
internal static class ScopeCheck
{
    /// <summary>The settings that a pipeline of several may have.</summary>
    public static readonly string[] OfPipeline = [nameof(ExtProcOptions.Pipeline), nameof(ExtProcOptions.Envoy), nameof(ExtProcOptions.Limits), nameof(ExtProcOptions.LogExchanges), nameof(ExtProcOptions.Rehearsal)];

    /// <summary>Finds settings of the whole process where only a pipeline's may be.</summary>
    public static void Check(ConfigMap map, ConfigScope scope, ConfigProblems problems)
    {
        if (scope is not ConfigScope.Pipeline)
        {
            return;
        }

        string[] others = [.. ConfigShape.Of(typeof(ExtProcOptions)).Members.Where(member => !OfPipeline.Contains(member.Property.Name)).SelectMany(KeysOf).Select(ConfigKey.Fold)];
        foreach (ConfigEntry entry in map.Entries.Where(entry => others.Contains(ConfigKey.Fold(entry.Key.Text))))
        {
            problems.Error(entry.Key.At, $"{entry.Key.Shown} applies to the whole process; set it for the pipeline without a name, beside AddExtProc");
        }
    }

    /// <summary>A pipeline's options, with those of the whole process.</summary>
    public static ExtProcOptions WithProcess(ExtProcOptions pipeline, ExtProcOptions process) => process with
    {
        Pipeline = pipeline.Pipeline,
        Envoy = pipeline.Envoy,
        Limits = pipeline.Limits,
        LogExchanges = pipeline.LogExchanges,
        Rehearsal = pipeline.Rehearsal,
    };

    /// <summary>In an app a port is opened only where it is asked for.</summary>
    public static ExtProcOptions WithoutUnwantedPorts(ExtProcOptions options, ConfigMap map, ConfigScope scope) => scope is ConfigScope.Program
        ? options
        : options with
        {
            Listeners = IsAbsent(map, "listeners") ? [] : options.Listeners,
            Admin = IsAbsent(map, "admin") ? new() { Address = ListenAddress.Off } : options.Admin,
        };

    private static bool IsAbsent(ConfigMap map, string key) => map.Find(key)?.Value is null or ConfigScalar { IsNull: true };

    private static IEnumerable<string> KeysOf(ConfigMember member) => member.SingularKey is { } singular ? [singular, member.Key] : [member.Key];
}
