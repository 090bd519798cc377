namespace ExtProc.Configuration.Binding;

/// <summary>Remembers where each setting stands, by its path, such as <c>envoy.processingMode.requestBodyMode</c> or <c>pipeline[0].set</c>.</summary>
internal sealed class ConfigMarks
{
    private readonly Dictionary<string, ConfigMark> _marks = new(StringComparer.Ordinal);

    public void Add(string path, ConfigMark at) => _marks[path] = at;

    /// <summary>Where the setting stands; for one that is not written, where the nearest thing around it stands.</summary>
    public ConfigMark Of(string path)
    {
        for (string nearest = path; nearest.Length > 0; nearest = Around(nearest))
        {
            if (_marks.TryGetValue(nearest, out var at))
            {
                return at;
            }
        }

        return _marks.TryGetValue("", out var whole) ? whole : new("options");
    }

    /// <summary>Whether the setting is written, so is no default.</summary>
    public bool Has(string path) => _marks.ContainsKey(path);

    private static string Around(string path) => path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
}
