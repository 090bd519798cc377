using System.Diagnostics.CodeAnalysis;

namespace ExtProc.Pipeline;

/// <summary>The processors that a configuration can name.</summary>
public sealed class ProcessorCatalog
{
    private readonly SortedDictionary<string, ProcessorKind> _kinds = new(StringComparer.Ordinal);

    /// <summary>All of them, by name.</summary>
    public IReadOnlyCollection<ProcessorKind> All => _kinds.Values;

    /// <summary>Adds one; a second one of the same name is refused.</summary>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public ProcessorCatalog Add(ProcessorKind kind)
    {
        ArgumentNullException.ThrowIfNull(kind);
        return _kinds.TryAdd(kind.Name, kind)
            ? this
            : throw new ArgumentException($"processor \"{kind.Name}\" is registered twice; give one of them another name", nameof(kind));
    }

    /// <summary>Finds one by name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out ProcessorKind? kind) => _kinds.TryGetValue(name, out kind);
}

/// <summary>What a configured processor is made from.</summary>
/// <param name="Name">The name in the configuration.</param>
/// <param name="ProcessorType">A class derived from <see cref="Processor"/>.</param>
/// <param name="OptionsType">The options record that its constructor takes, bound from the configuration; <see langword="null"/> for none.</param>
/// <param name="IsShared">One instance for all exchanges, which must then be stateless; otherwise one an exchange.</param>
public sealed record ProcessorKind(string Name, Type ProcessorType, Type? OptionsType, bool IsShared)
{
    /// <summary>Makes it without looking at its type; for tests.</summary>
    internal Func<Processor>? Create { get; init; }

    /// <summary>A processor with options.</summary>
    public static ProcessorKind Of<TProcessor, TOptions>(string name, bool isShared = false)
        where TProcessor : Processor where TOptions : class => new(name, typeof(TProcessor), typeof(TOptions), isShared);

    /// <summary>A processor without options.</summary>
    public static ProcessorKind Of<TProcessor>(string name, bool isShared = false)
        where TProcessor : Processor => new(name, typeof(TProcessor), null, isShared);
}
