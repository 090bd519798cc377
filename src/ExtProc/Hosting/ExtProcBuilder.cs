using ExtProc.Configuration;
using ExtProc.Configuration.Binding;
using ExtProc.Configuration.Reading;
using ExtProc.Pipeline;
using Microsoft.Extensions.Configuration;
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

    /// <inheritdoc cref="PipelineBuilder.AddYaml"/>
    public ExtProcBuilder AddYaml(string path) => WithDefault(pipeline => pipeline.AddYaml(path));

    /// <inheritdoc cref="PipelineBuilder.AddConfiguration"/>
    public ExtProcBuilder AddConfiguration(IConfigurationSection section) => WithDefault(pipeline => pipeline.AddConfiguration(section));

    /// <inheritdoc cref="PipelineBuilder.Configure"/>
    public ExtProcBuilder Configure(Func<ExtProcOptions, ExtProcOptions> change) => WithDefault(pipeline => pipeline.Configure(change));

    /// <inheritdoc cref="PipelineBuilder.Use"/>
    public ExtProcBuilder Use(string name, object? options = null, OnError onError = OnError.Fail) => WithDefault(pipeline => pipeline.Use(name, options, onError));

    /// <summary>
    /// Adds a pipeline beside the one without a name, for <c>app.MapExtProc(name)</c>. Without settings of its own it has those of the one
    /// without a name, and no processors; <c>services.Configure&lt;ExtProcOptions&gt;(name, …)</c> changes it too.
    /// </summary>
    /// <param name="name">Its name, which is that of its options.</param>
    /// <param name="configure">Sets it up.</param>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public ExtProcBuilder AddPipeline(string name, Action<PipelineBuilder>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        PipelineSetup pipeline = new();
        if (!_setup.Pipelines.TryAdd(name, pipeline))
        {
            throw new ArgumentException($"there is a pipeline \"{name}\" already; give each a name of its own", nameof(name));
        }

        configure?.Invoke(new(pipeline, _setup.Catalog));
        return this;
    }

    private ExtProcBuilder WithDefault(Action<PipelineBuilder> configure)
    {
        configure(new(_setup.Default, _setup.Catalog));
        return this;
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
