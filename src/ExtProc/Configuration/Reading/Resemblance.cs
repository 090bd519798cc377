using System.Text.RegularExpressions;
using ExtProc.Configuration.Binding;

namespace ExtProc.Configuration.Reading;

/// <summary>
/// Tells a configuration, even one full of mistakes, from a file that was named by mistake or in bad faith. Problems of a configuration
/// quote what was found; the content of any other file must not get into the log.
/// </summary>
internal static partial class Resemblance
{
    // In a configuration of ours a setting is among the first keys.
    private const int MostLookedAt = 200;

    /// <summary>The settings at the top level.</summary>
    public static IReadOnlyList<string> Settings => ConfigShape.Of(typeof(ExtProcOptions)).Keys;

    /// <summary>Whether a key of the text is a setting, or nearly one; also when it has no keys at all.</summary>
    public static bool MayBeOurs(string text)
    {
        IReadOnlyList<string> settings = Settings;
        bool hasKeys = false;
        foreach (Match key in Keys().Matches(text).Take(MostLookedAt))
        {
            hasKeys = true;
            if (NearName.Nearest(key.Groups["name"].Value, settings) is not null)
            {
                return true;
            }
        }

        return !hasKeys;
    }

    // A word before a colon, as YAML and JSON write a key.
    [GeneratedRegex("""(?<name>[^\s"'{}\[\],:]{1,60})["']?:(?=\s|$)""", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Keys();
}
