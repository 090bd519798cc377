using Microsoft.Extensions.Configuration;

namespace ExtProc.Configuration.Reading;

/// <summary>Where settings come from. Flags win over environment variables, which win over the file, which wins over defaults.</summary>
/// <param name="Path">The file; null for none.</param>
/// <param name="Environment">Variables by name; only those of our prefix are looked at.</param>
/// <param name="Flags">Settings of the command line.</param>
internal sealed record ConfigSources(string? Path, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<ConfigFlag> Flags)
{
    /// <summary>None.</summary>
    public static ConfigSources None { get; } = new(null, new Dictionary<string, string>(), []);

    /// <summary>A section of the app's own configuration, in place of a file; null for none.</summary>
    public IConfigurationSection? Section { get; init; }

    /// <summary>Only a file.</summary>
    public static ConfigSources File(string path) => None with { Path = path };
}

/// <summary>A setting given on the command line.</summary>
/// <param name="Flag">As the user wrote it, such as <c>--listen</c>.</param>
/// <param name="Key">The key of the configuration that it sets.</param>
/// <param name="Text">Its value.</param>
internal sealed record ConfigFlag(string Flag, string Key, string Text);

/// <summary>What came of reading.</summary>
/// <param name="Options">Null when there are errors.</param>
/// <param name="Problems">Errors and warnings in the order of the text.</param>
internal sealed record ConfigResult(ExtProcOptions? Options, IReadOnlyList<ConfigProblem> Problems)
{
    /// <summary>The options.</summary>
    /// <exception cref="ConfigException">There are errors.</exception>
    public ExtProcOptions OrThrow() => Options ?? throw new ConfigException(Problems);
}
