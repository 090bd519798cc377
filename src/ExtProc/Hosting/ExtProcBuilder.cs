using ExtProc.Configuration;
using ExtProc.Configuration.Binding;
using ExtProc.Configuration.Reading;
using ExtProc.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace ExtProc.Hosting;

/// <summary>Adds processors and settings to the server that <see cref="ExtProcServices.AddExtProc"/> began.</summary>
public sealed class ExtProcBuilder
{
    private readonly ExtProcSetup _setup;

    internal ExtProcBuilder(IServiceCollection services, ExtProcSetup setup) => (Services, _setup) = (services, setup);

    /// <summary>The host's services, for what processors' constructors ask for.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Makes a processor known under a name; an instance is made for each exchange.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public ExtProcBuilder AddProcessor<TProcessor>(string name)
        where TProcessor : Processor => Add(ProcessorKind.Of<TProcessor>(name));

    /// <summary>The same for one whose constructor takes an options record, which the configuration fills.</summary>
    /// <exception cref="ArgumentException">The name is taken, or the record cannot be filled from a configuration.</exception>
    public ExtProcBuilder AddProcessor<TProcessor, TOptions>(string name)
        where TProcessor : Processor where TOptions : class => Add(ProcessorKind.Of<TProcessor, TOptions>(name));

    /// <summary>Makes a processor known under a name; one instance serves all exchanges, so it must keep no state of one.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public ExtProcBuilder AddSharedProcessor<TProcessor>(string name)
        where TProcessor : Processor => Add(ProcessorKind.Of<TProcessor>(name, isShared: true));

    /// <summary>The same for one whose constructor takes an options record; one instance for each place in a pipeline.</summary>
    /// <exception cref="ArgumentException">The name is taken, or the record cannot be filled from a configuration.</exception>
    public ExtProcBuilder AddSharedProcessor<TProcessor, TOptions>(string name)
        where TProcessor : Processor where TOptions : class => Add(ProcessorKind.Of<TProcessor, TOptions>(name, isShared: true));

    /// <summary>Reads <c>extproc.yaml</c>; environment variables that begin with <c>EXTPROC_</c> win over it.</summary>
    public ExtProcBuilder AddYaml(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _setup.Sources = new(path, ProcessEnvironment.Read(), []);
        return this;
    }

    /// <summary>Changes settings in code, after file and environment: <c>Configure(options => options with { LogExchanges = true })</c>.</summary>
    public ExtProcBuilder Configure(Func<ExtProcOptions, ExtProcOptions> change)
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
    public ExtProcBuilder Use(string name, object? options = null, OnError onError = OnError.Fail)
    {
        if (!_setup.Catalog.TryGet(name, out var kind))
        {
            throw new ArgumentException($"there is no processor \"{name}\"; {NearName.Advice(name, [.. _setup.Catalog.All.Select(known => known.Name)])}", nameof(name));
        }

        if (options?.GetType() != kind.OptionsType)
        {
            throw new ArgumentException($"processor \"{name}\" takes {kind.OptionsType?.Name ?? "no options"}, and was given {options?.GetType().Name ?? "none"}", nameof(options));
        }

        PipelineStep step = new(kind, options, onError);
        return Configure(current => current with { Pipeline = current.Pipeline with { Steps = [.. current.Pipeline.Steps, step] } });
    }

    private ExtProcBuilder Add(ProcessorKind kind)
    {
        string[] reserved = [.. PipelineReader.ReservedKeys.Select(ConfigKey.Fold)];
        if (kind.OptionsType is { } type && ConfigShape.Of(type).Members.FirstOrDefault(member => reserved.Contains(ConfigKey.Fold(member.Key))) is { } taken)
        {
            throw new ArgumentException($"{type.Name}.{taken.Property.Name} cannot be set from a configuration: {taken.Key} stands there for something else; give it another name");
        }

        _setup.Catalog.Add(kind);
        return this;
    }
}
