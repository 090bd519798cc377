namespace ExtProc.Configuration.Reading;

/// <summary>Puts settings from elsewhere over those of a file, before anything is bound; each keeps its own place for messages.</summary>
internal static class ConfigOverlay
{
    /// <summary>The map with one setting more, or with another value for it.</summary>
    public static ConfigMap Set(ConfigMap map, ReadOnlySpan<string> path, ConfigNode value)
    {
        string folded = ConfigKey.Fold(path[0]);
        var existing = map.Find(path[0])?.Value;
        ConfigNode changed = path.Length == 1 ? value : Set(existing as ConfigMap ?? new ConfigMap(value.At, []), path[1..], value);
        if (path.Length > 1 && existing is not (null or ConfigMap or ConfigScalar { IsNull: true }))
        {
            return map; // what the file has there is a mistake, and is reported as one
        }

        return map with
        {
            Entries = [.. map.Entries.Where(entry => ConfigKey.Fold(entry.Key.Text) != folded), new(new(value.At, path[0]), changed)],
        };
    }

    /// <summary>Makes <c>listen: X</c> the list <c>listeners: [X]</c> that it is short for, in place of one from an earlier source.</summary>
    public static ConfigMap ExpandListen(ConfigMap map)
    {
        if (map.Find("listen") is not { } listen)
        {
            return map;
        }

        ConfigMap without = map with { Entries = [.. map.Entries.Where(entry => entry != listen)] };
        return Set(without, ["listeners"], new ConfigList(listen.Value.At, [listen.Value]));
    }
}
