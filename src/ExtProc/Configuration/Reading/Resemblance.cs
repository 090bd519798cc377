using System.Text.RegularExpressions;
using ExtProc.Configuration.Binding;

namespace ExtProc.Configuration.Reading;

/// <summary>
/// Tells a configuration, be it full of mistakes, from a file that was named by mistake or in bad faith. What is wrong with a
/// configuration is told with what was found; what another file says is nobody's business who reads the log.
/// </summary>
internal static partial class Resemblance
{
    // What is ours is among the first keys.
    private const int MostLookedAt = 200;

    /// <summary>The settings that may stand at the top.</summary>
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
