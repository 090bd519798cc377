using ExtProc.Configuration.Binding;
using ExtProc.Configuration.Checks;
using ExtProc.Pipeline;

namespace ExtProc.Configuration.Reading;

/// <summary>File, environment and flags to options, with all problems found on the way.</summary>
internal static class ConfigReader
{
    /// <summary>Reads what the sources say.</summary>
    /// <param name="sources">File, environment, flags.</param>
    /// <param name="catalog">The processors that a pipeline can name.</param>
    /// <param name="scope">What the sources speak for.</param>
    public static ConfigResult Read(ConfigSources sources, ProcessorCatalog catalog, ConfigScope scope = ConfigScope.Program)
    {
        ConfigProblems problems = new();
        if (scope is ConfigScope.Pipeline)
        {
            sources = sources with { Environment = ConfigSources.None.Environment }; // which speaks for the pipeline without a name
        }

        if (sources.Section is { } section)
        {
            return Read(AppConfiguration.Read(section, problems), section.Path, sources, catalog, scope, problems);
        }

        string? text = sources.Path is null ? "" : ConfigFile.Read(sources.Path, problems);
        if (text is not null && !Resemblance.MayBeOurs(text))
        {
            problems.Error(new(sources.Path!), $"this is no configuration of extproc: none of its keys is a setting; use some of {string.Join(", ", Resemblance.Settings)}");
            text = null;
        }

        return text is null ? new(null, problems.All) : Read(text, sources, catalog, problems, scope);
    }

    /// <summary>As above with the file's text at hand.</summary>
    internal static ConfigResult Read(
        string text, ConfigSources sources, ProcessorCatalog catalog, ConfigProblems problems, ConfigScope scope = ConfigScope.Program)
    {
        string name = sources.Path ?? "options";
        return Read(text.Length == 0 ? null : YamlTree.Read(text, name, problems), name, sources, catalog, scope, problems);
    }

    private static ConfigResult Read(ConfigNode? root, string name, ConfigSources sources, ProcessorCatalog catalog, ConfigScope scope, ConfigProblems problems)
    {
        if (root is not (null or ConfigMap))
        {
            problems.Error(root.At, $"{(root is ConfigScalar ? "text" : root.Kind)} stands where keys and values are wanted, such as \"listen: 127.0.0.1:9000\"");
        }

        ConfigMap map = Overlaid(root as ConfigMap ?? new ConfigMap(new(name), []), sources, problems);
        ConfigMarks marks = new();
        marks.Add("", map.At);
        ScopeCheck.Check(map, scope, problems);
        ConfigBinder binder = new(problems, marks, new Dictionary<Type, ConfigTypeReader> { [typeof(PipelineDefinition)] = new PipelineReader(catalog).TryRead });
        if (!binder.TryBindRecord(map, typeof(ExtProcOptions), "", out object? bound))
        {
            return new(null, problems.All);
        }

        ExtProcOptions options = ScopeCheck.WithoutUnwantedPorts((ExtProcOptions)bound, map, scope);
        OptionsCheck.Check(options, marks, problems, scope);
        return new(problems.HasErrors ? null : options, problems.All);
    }

    private static ConfigMap Overlaid(ConfigMap map, ConfigSources sources, ConfigProblems problems)
    {
        if (map.Find("listen") is { } listen && map.Find("listeners") is not null)
        {
            problems.Error(listen.Key.At, "listen and listeners are two ways to say the same; keep one");
        }

        // Each layer's "listen" is expanded before the next is laid over it, so the last one that speaks of listeners wins.
        map = ConfigOverlay.ExpandListen(map);
        foreach (var (path, value) in EnvironmentSettings.Read(sources.Environment, problems))
        {
            map = ConfigOverlay.ExpandListen(ConfigOverlay.Set(map, path.Split('.'), value));
        }

        foreach (var flag in sources.Flags)
        {
            map = ConfigOverlay.ExpandListen(ConfigOverlay.Set(map, flag.Key.Split('.'), new ConfigScalar(new(flag.Flag), flag.Text)));
        }

        return map;
    }
}
