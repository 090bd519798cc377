using System.Collections;
using ExtProc.Configuration.Reading;

namespace ExtProc.Hosting;

/// <summary>The environment variables of this process that are meant for us.</summary>
internal static class ProcessEnvironment
{
    public static IReadOnlyDictionary<string, string> Read() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .Where(variable => ((string)variable.Key).StartsWith(EnvironmentSettings.Prefix, StringComparison.Ordinal))
        .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "");
}
