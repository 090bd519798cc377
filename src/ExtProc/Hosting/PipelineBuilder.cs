using ExtProc.Configuration;
using ExtProc.Configuration.Reading;
using ExtProc.Pipeline;
using Microsoft.Extensions.Configuration;

namespace ExtProc.Hosting;

/// <summary>Sets up one pipeline.</summary>
public sealed class PipelineBuilder
{
    private readonly PipelineSetup _setup;
    private readonly ProcessorCatalog _catalog;

    internal PipelineBuilder(PipelineSetup setup, ProcessorCatalog catalog) => (_setup, _catalog) = (setup, catalog);

    /// <summary>Reads <c>extproc.yaml</c>; environment variables that begin with <c>EXTPROC_</c> win over it.</summary>
    /// <exception cref="InvalidOperationException">The settings come from another source already.</exception>
    public PipelineBuilder AddYaml(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return From(new(path, ProcessEnvironment.Read(), []));
    }

    /// <summary>
    /// Reads a section of the app's own configuration, with the keys of <c>extproc.yaml</c>:
    /// <c>AddConfiguration(builder.Configuration.GetSection("ExtProc"))</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The settings come from another source already.</exception>
    public PipelineBuilder AddConfiguration(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return From(ConfigSources.None with { Section = section });
    }

    /// <summary>Changes settings in code, after everything else: <c>Configure(options => options with { LogExchanges = true })</c>.</summary>
    public PipelineBuilder Configure(Func<ExtProcOptions, ExtProcOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        _setup.Changes.Add(change);
        return this;
    }

    /// <summary>Puts a processor at the pipeline's end, in code.</summary>
    /// <param name="name">A name that was added, or a built-in's.</param>
    /// <param name="options">Its options record, if it takes one.</param>
    /// <param name="onError">What its failure means.</param>
    /// <exception cref="ArgumentException">There is no such processor, or the options are not of its type.</exception>
    public PipelineBuilder Use(string name, object? options = null, OnError onError = OnError.Fail)
    {
        if (!_catalog.TryGet(name, out var kind))
        {
            throw new ArgumentException($"there is no processor \"{name}\"; {NearName.Advice(name, [.. _catalog.All.Select(known => known.Name)])}", nameof(name));
        }

        if (options?.GetType() != kind.OptionsType)
        {
            throw new ArgumentException($"processor \"{name}\" takes {kind.OptionsType?.Name ?? "no options"}, and was given {options?.GetType().Name ?? "none"}", nameof(options));
        }

        PipelineStep step = new(kind, options, onError);
        return Configure(current => current with { Pipeline = current.Pipeline with { Steps = [.. current.Pipeline.Steps, step] } });
    }

    private PipelineBuilder From(ConfigSources sources)
    {
        if (_setup.Sources is not null)
        {
            throw new InvalidOperationException("the settings of a pipeline come from one file or one section; choose one, and change single settings with Configure");
        }

        _setup.Sources = sources;
        return this;
    }
}
