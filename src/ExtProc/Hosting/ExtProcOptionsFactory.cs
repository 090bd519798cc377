using ExtProc.Configuration;
using ExtProc.Configuration.Binding;
using ExtProc.Configuration.Checks;
using ExtProc.Configuration.Reading;
using ExtProc.Pipeline;
using ExtProc.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ExtProc.Hosting;

/// <summary>
/// Makes the options of each pipeline, in this order: its sources (those of the pipeline without a name where it has none), the host's
/// <c>Configure</c>, <see cref="ExtProcBuilder.Configure"/>; then all of it is checked.
/// </summary>
internal sealed class ExtProcOptionsFactory(
    ExtProcSetup setup, IEnumerable<IConfigureOptions<ExtProcOptions>> configure, IEnumerable<IPostConfigureOptions<ExtProcOptions>> postConfigure,
    IEnumerable<IValidateOptions<ExtProcOptions>> validate, ILogger<ExtProcOptionsFactory> log) : IOptionsFactory<ExtProcOptions>
{
    private readonly Dictionary<string, ExtProcOptions> _made = new(StringComparer.Ordinal);

    /// <summary>Made once: a change needs a restart.</summary>
    /// <exception cref="ConfigException">With all problems.</exception>
    /// <exception cref="ArgumentException">There is no pipeline of that name.</exception>
    public ExtProcOptions Create(string name)
    {
        lock (_made)
        {
            return _made.TryGetValue(name, out ExtProcOptions? made) ? made : _made[name] = Make(name);
        }
    }

    private ExtProcOptions Make(string name)
    {
        if (!setup.Pipelines.TryGetValue(name, out PipelineSetup? pipeline))
        {
            throw new ArgumentException($"there is no pipeline \"{name}\"; add it with AddExtProc().AddPipeline(\"{name}\", …)", nameof(name));
        }

        ConfigScope scope = setup.ScopeOf(name);
        ExtProcOptions options = Changed(Configured(Read(pipeline, scope), name), pipeline);
        if (configure.Any() || postConfigure.Any() || pipeline.Changes.Count > 0)
        {
            Check(options, scope);
        }

        Validate(options, name);
        if (scope is ConfigScope.Pipeline)
        {
            RefuseOfProcess(options, name);
            return options;
        }

        return options with { Transport = options.Transport with { OwnsProcess = setup.IsProgram } };
    }

    // What applies to the whole process a pipeline with a name has from the one without.
    private ExtProcOptions Read(PipelineSetup pipeline, ConfigScope scope) => scope is not ConfigScope.Pipeline ? FromSources(pipeline, scope)
        : pipeline.Sources is null ? Create(PipelineNames.Default) with { Pipeline = PipelineDefinition.PassThrough }
        : ScopeCheck.WithProcess(FromSources(pipeline, scope), Create(PipelineNames.Default));

    private ExtProcOptions FromSources(PipelineSetup pipeline, ConfigScope scope)
    {
        ConfigResult read = ConfigReader.Read(pipeline.Sources ?? ConfigSources.None, setup.Catalog, scope);
        foreach (ConfigProblem warning in read.Problems.Where(problem => problem.IsWarning))
        {
            log.ConfigWarning($"{warning.At}: {warning.Message}");
        }

        return read.OrThrow();
    }

    // The host may change what it was handed, which may be what another pipeline has.
    private ExtProcOptions Configured(ExtProcOptions read, string name)
    {
        ExtProcOptions options = read with { };
        foreach (IConfigureOptions<ExtProcOptions> one in configure)
        {
            if (one is IConfigureNamedOptions<ExtProcOptions> named)
            {
                named.Configure(name, options);
            }
            else if (name == PipelineNames.Default)
            {
                one.Configure(options);
            }
        }

        foreach (IPostConfigureOptions<ExtProcOptions> one in postConfigure)
        {
            one.PostConfigure(name, options);
        }

        return options;
    }

    private static ExtProcOptions Changed(ExtProcOptions options, PipelineSetup pipeline) =>
        pipeline.Changes.Aggregate(options, (current, change) => change(current));

    // What was read has been checked with its places; these are changes that code has made.
    private static void Check(ExtProcOptions options, ConfigScope scope)
    {
        ConfigProblems problems = new();
        OptionsCheck.Check(options, new ConfigMarks(), problems, scope);
        if (problems.HasErrors)
        {
            throw new ConfigException(problems.All);
        }
    }

    private void RefuseOfProcess(ExtProcOptions options, string name)
    {
        if (options != ScopeCheck.WithProcess(options, Create(PipelineNames.Default)))
        {
            throw new ConfigException([new(new($"pipeline \"{name}\""), $"only {string.Join(", ", ScopeCheck.OfPipeline)} are a pipeline's own; set the rest for the pipeline without a name, beside AddExtProc")]);
        }
    }

    private void Validate(ExtProcOptions options, string name)
    {
        string[] failures = [.. validate.Select(one => one.Validate(name, options)).Where(result => result.Failed).SelectMany(result => result.Failures ?? [])];
        if (failures.Length > 0)
        {
            throw new OptionsValidationException(name, typeof(ExtProcOptions), failures);
        }
    }
}
